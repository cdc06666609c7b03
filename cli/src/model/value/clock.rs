//! Dates, times, datetimes and durations, in the forms of the wire.

use crate::model::Moment;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Reads `2026-01-02`.
///
/// # Errors
/// What the value must be.
pub(in crate::model) fn date(text: &str) -> Result<Moment, String> {
    let days = day(text).ok_or_else(|| "a date such as `2026-01-02`".to_owned())?;
    Ok(Moment {
        wire: text.to_owned(),
        ms: days * DAY,
    })
}

/// Reads `08:30:00`, with an optional fraction.
///
/// # Errors
/// What the value must be.
pub(in crate::model) fn time(text: &str) -> Result<Moment, String> {
    let ms = time_of_day(text).ok_or_else(|| "a time such as `08:30:00`".to_owned())?;
    let fraction = if ms % SECOND == 0 {
        String::new()
    } else {
        format!(".{:03}", ms % SECOND)
    };
    Ok(Moment {
        wire: format!("{}{fraction}", clock(ms)),
        ms,
    })
}

/// Reads RFC 3339 and prints it in UTC with milliseconds.
///
/// # Errors
/// What the value must be.
pub(in crate::model) fn datetime(text: &str) -> Result<Moment, String> {
    moment(text).ok_or_else(|| "a datetime such as `2026-01-02T08:30:00Z`".to_owned())
}

/// Reads `PT15M`: ISO 8601 without years and months.
///
/// # Errors
/// What the value must be.
pub(in crate::model) fn duration(text: &str) -> Result<Moment, String> {
    let ms = length(text).ok_or_else(|| "a duration such as `PT15M` or `P1DT12H`".to_owned())?;
    Ok(Moment {
        wire: printed(ms),
        ms,
    })
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

/// Days since 1970.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (
        number(parts.next()?, 4)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last)
        .contains(&day)
        .then(|| days_from_civil(year, month, day))
}

/// The day's number, counted with years that begin in March, so that the leap day is a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}

fn time_of_day(text: &str) -> Option<i64> {
    let (text, fraction) = text
        .split_once('.')
        .map_or((text, None), |(text, fraction)| (text, Some(fraction)));
    let mut parts = text.splitn(3, ':');
    let (hour, minute, second) = (
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    let legal = hour < 24 && minute < 60 && second < 60;
    let whole = hour * HOUR + minute * MINUTE + second * SECOND;
    legal.then_some(whole + fraction.map_or(Some(0), milliseconds)?)
}

/// Digits beyond the third are cut off.
fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| {
        format!("{fraction:0<3}")
            .get(..3)
            .and_then(|three| three.parse().ok())
    })?
}

fn clock(ms: i64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        ms / HOUR,
        ms % HOUR / MINUTE,
        ms % MINUTE / SECOND
    )
}

fn moment(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let (time, offset) = match rest.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let at = rest.rfind(['+', '-'])?;
            let (time, zone) = rest.split_at_checked(at)?;
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
            let size = hours * HOUR + minutes * MINUTE;
            let legal = hours < 24 && minutes < 60;
            (
                time,
                legal.then_some(if zone.starts_with('-') { -size } else { size })?,
            )
        }
    };
    let ms = day(date)? * DAY + time_of_day(time)? - offset;
    let wire = datetime_of(ms);
    let (year, ..) = civil_from_days(ms.div_euclid(DAY));
    (0..=9999).contains(&year).then_some(Moment { wire, ms })
}

/// The day that begins so many milliseconds after 1970 did.
pub(crate) fn date_of(ms: i64) -> String {
    let (year, month, of_month) = civil_from_days(ms.div_euclid(DAY));
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// The moment so many milliseconds after 1970 began, in UTC.
pub(crate) fn datetime_of(ms: i64) -> String {
    let in_day = ms.rem_euclid(DAY);
    let (date, clock) = (date_of(ms), clock(in_day));
    format!("{date}T{clock}.{:03}Z", in_day % SECOND)
}

fn length(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    if let Some(weeks) = rest.strip_suffix('W') {
        return count(weeks)?.checked_mul(7 * DAY);
    }
    let (days, time) = rest
        .split_once('T')
        .map_or((rest, None), |(days, time)| (days, Some(time)));
    let days = if days.is_empty() {
        0
    } else {
        count(days.strip_suffix('D')?)?.checked_mul(DAY)?
    };
    match time {
        None if rest.is_empty() => None,
        None => Some(days),
        Some(time) => days.checked_add(of_clock(time)?),
    }
}

/// `2H3M4.005S`, any part left out but not all.
fn of_clock(text: &str) -> Option<i64> {
    let (mut rest, mut sum) = (text, 0_i64);
    for (unit, size) in [('H', HOUR), ('M', MINUTE)] {
        if let Some((number, after)) = rest.split_once(unit) {
            sum = sum.checked_add(count(number)?.checked_mul(size)?)?;
            rest = after;
        }
    }
    if let Some(seconds) = rest.strip_suffix('S') {
        let (whole, fraction) = seconds
            .split_once('.')
            .map_or((seconds, None), |(whole, fraction)| (whole, Some(fraction)));
        let fraction = fraction.map_or(Some(0), milliseconds)?;
        sum = sum
            .checked_add(count(whole)?.checked_mul(SECOND)?)?
            .checked_add(fraction)?;
        rest = "";
    }
    (rest.is_empty() && !text.is_empty()).then_some(sum)
}

fn count(digits: &str) -> Option<i64> {
    let fits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok())?
}

/// Days of 24 hours, no part that is zero, `PT0S` for nothing.
pub(crate) fn printed(ms: i64) -> String {
    let part = |count: i64, unit: &str| {
        if count == 0 {
            String::new()
        } else {
            format!("{count}{unit}")
        }
    };
    let (days, in_day) = (part(ms / DAY, "D"), ms % DAY);
    let seconds = match (in_day % MINUTE / SECOND, in_day % SECOND) {
        (0, 0) => String::new(),
        (seconds, 0) => format!("{seconds}S"),
        (seconds, fraction) => format!("{seconds}.{fraction:03}S"),
    };
    let time = format!(
        "{}{}{seconds}",
        part(in_day / HOUR, "H"),
        part(in_day % HOUR / MINUTE, "M")
    );
    match (days.is_empty(), time.is_empty()) {
        (true, true) => "PT0S".to_owned(),
        (false, true) => format!("P{days}"),
        _ => format!("P{days}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_from_1970() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("2000-03-01", 11_017),
            ("1969-12-31", -1),
            ("2024-02-29", 19_782),
            ("0000-01-01", -719_528),
        ] {
            assert_eq!(date(text).map(|moment| moment.ms), Ok(days * DAY), "{text}");
            let (year, month, day) = civil_from_days(days);
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), text);
        }
        for wrong in [
            "2023-02-29",
            "2024-13-01",
            "2024-1-1",
            "2024-00-10",
            "2024-01-01T",
            "",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn datetimes_become_utc() {
        let wire = |text| datetime(text).map(|moment| moment.wire).ok();
        assert_eq!(
            wire("2026-01-02T03:04:05Z").as_deref(),
            Some("2026-01-02T03:04:05.000Z")
        );
        assert_eq!(
            wire("2026-01-01T00:30:00.5+01:00").as_deref(),
            Some("2025-12-31T23:30:00.500Z")
        );
        for wrong in [
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02T25:00:00Z",
            "2026-01-02T03:04:05+1:00",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert_eq!(wire(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_have_one_form() {
        let wire = |text| duration(text).map(|moment| moment.wire).ok();
        for (text, canonical) in [
            ("PT0S", "PT0S"),
            ("P1W", "P7D"),
            ("PT36H", "P1DT12H"),
            ("PT90S", "PT1M30S"),
            ("PT0.5S", "PT0.500S"),
            ("P1DT1S", "P1DT1S"),
        ] {
            assert_eq!(wire(text).as_deref(), Some(canonical), "{text}");
        }
        for wrong in [
            "",
            "P",
            "PT",
            "P1DT",
            "P1Y",
            "P1M",
            "PT1S1M",
            "-P1D",
            "P1W1D",
            "PT1.5H",
            "P99999999999999999999D",
        ] {
            assert_eq!(wire(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(
            time("08:30:00.1").map(|moment| moment.wire).as_deref(),
            Ok("08:30:00.100")
        );
        for wrong in ["24:00:00", "8:30:00", "08:30", "08:30:00Z", "08:30:00."] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
