//! The dated versions of the API.

crate::value::open_enum::open_enum! {
    /// A dated version of the API. Every request sends it as `Persona-Version`, so the
    /// one stored on the API key has no effect.
    ///
    /// This crate's types are those of [`V2025_12_08`](Self::V2025_12_08), the default.
    /// [`V2026_09_29`](Self::V2026_09_29) changes none of the operations here. Versions
    /// before [`V2025_10_27`](Self::V2025_10_27) fill `included` unasked and return some
    /// attributes of a person outside `fields`, which are then only in the raw bytes.
    ///
    /// Any other version is sent unchanged: `PersonaVersion::from("2027-01-01")`. One of
    /// them, `2021-05-14`, has pages of its own but is missing from the values of the
    /// header; whether it is accepted is unknown.
    ///
    /// Source: <https://docs.withpersona.com/versioning>.
    pub enum PersonaVersion {
        /// Free text in one verification, a name for each webhook.
        V2026_09_29 = "2026-09-29",
        /// Reports without their run history. The default.
        V2025_12_08 = "2025-12-08",
        /// `included` is empty unless asked for; personal data is only in `fields`.
        V2025_10_27 = "2025-10-27",
        /// File URLs are signed and expire.
        V2023_01_05 = "2023-01-05",
        /// Documents lose a field.
        V2022_09_01 = "2022-09-01",
        /// The browser fingerprint moves from the session to the device.
        V2021_08_18 = "2021-08-18",
        /// The reviewer of an inquiry becomes a relationship.
        V2021_07_05 = "2021-07-05",
        /// The numbers of documents move to one place.
        V2021_02_21 = "2021-02-21",
        /// The oldest version.
        V2020_05_18 = "2020-05-18",
    }
}

impl Default for PersonaVersion {
    /// Returns [`V2025_12_08`](Self::V2025_12_08).
    fn default() -> Self {
        Self::V2025_12_08
    }
}
