//! Days of the proleptic Gregorian calendar, counted from 1970-01-01.

use time::{Date, Month};

use super::scan::Scan;

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

const EPOCH: i64 = 2_440_588;

/// The day number of `YYYY-MM-DD` at the front of a text.
pub(super) fn scan_day(scan: &mut Scan<'_>) -> Option<i64> {
    let year = i32::try_from(scan.digits(4)?).ok()?;
    scan.one_of(b"-")?;
    let month = u8::try_from(scan.digits(2)?).ok()?;
    scan.one_of(b"-")?;
    let day = u8::try_from(scan.digits(2)?).ok()?;
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    Some(i64::from(date.to_julian_day()) - EPOCH)
}

/// Year, month and day of a day number; `None` outside the years 0 to 9999.
pub(super) fn civil(day: i64) -> Option<(i32, u8, u8)> {
    let date = Date::from_julian_day(i32::try_from(day.checked_add(EPOCH)?).ok()?).ok()?;
    (0..=9999)
        .contains(&date.year())
        .then(|| (date.year(), u8::from(date.month()), date.day()))
}

/// Whether the day after this one begins a month.
pub(super) fn ends_month(day: i64) -> bool {
    day.checked_add(1)
        .and_then(civil)
        .is_some_and(|(_, _, day)| day == 1)
}
