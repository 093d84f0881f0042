"""Fields that read what a nurse types: laboratory values, dates, times, units, regimens; each says what it understood."""
