//! Ids that stand in Sumsub's paths: 24 lower-case hexadecimal characters.

crate::id::id_types! {
    /// A transaction, by Sumsub's own id (not your `txnId`).
    TransactionId,
    /// An applicant, by Sumsub's own id (not your `externalUserId`).
    ApplicantId,
    /// A verification step by its name, `IDENTITY`.
    VerificationStepId,
}
