//! These are the words for adults who help a child by their work, as the checks of the whole plan need them.

/// True for one of them, in small letters and in the singular: "teacher", "ta".
pub(super) fn helps(word: &str) -> bool {
    matches!(
        word,
        "teacher"
            | "therapist"
            | "assistant"
            | "ta"
            | "lsa"
            | "senco"
            | "psychologist"
            | "nurse"
            | "doctor"
            | "paediatrician"
            | "adult"
            | "worker"
            | "mentor"
            | "coach"
            | "trainer"
            | "tutor"
            | "physiotherapist"
            | "dietitian"
            | "audiologist"
            | "counsellor"
            | "consultant"
            | "coordinator"
            | "practitioner"
            | "instructor"
            | "headteacher"
            | "escort"
            | "driver"
            | "elsa"
            | "hlta"
            | "employer"
            | "gp"
            | "physio"
            | "specialist"
            | "keyworker"
            | "optician"
    )
}
