//! The dated versions of the API.

crate::value::open_enum::open_enum! {
    /// A dated version of the API, sent as `Persona-Version` with every call so that the
    /// one stored on the key has no say.
    ///
    /// The types of this crate are those of [`V2025_12_08`](Self::V2025_12_08), the
    /// default. [`V2026_09_29`](Self::V2026_09_29) changes nothing of the operations
    /// here. Versions before [`V2025_10_27`](Self::V2025_10_27) fill `included` unasked
    /// and show some attributes of a person outside `fields`, which only the raw bytes
    /// then hold.
    ///
    /// Any other version is sent as it is: `PersonaVersion::from("2027-01-01")`. (One of
    /// them, `2021-05-14`, has pages of its own, yet is missing from the values of the
    /// header; whether it is accepted is not known.)
    ///
    /// Source: <https://docs.withpersona.com/versioning>.
    pub enum PersonaVersion {
        /// Free text in one verification, a name for each webhook.
        V2026_09_29 = "2026-09-29",
        /// Reports without their run history. The default.
        V2025_12_08 = "2025-12-08",
        /// `included` is empty unless asked for; personal data stands in `fields` only.
        V2025_10_27 = "2025-10-27",
        /// File addresses are signed and run out.
        V2023_01_05 = "2023-01-05",
        /// Documents lose a member.
        V2022_09_01 = "2022-09-01",
        /// Sessions lose their browser fingerprint to the device.
        V2021_08_18 = "2021-08-18",
        /// The reviewer of an inquiry becomes a relationship.
        V2021_07_05 = "2021-07-05",
        /// Numbers of documents move together.
        V2021_02_21 = "2021-02-21",
        /// The oldest.
        V2020_05_18 = "2020-05-18",
    }
}

impl Default for PersonaVersion {
    /// [`V2025_12_08`](Self::V2025_12_08).
    fn default() -> Self {
        Self::V2025_12_08
    }
}
