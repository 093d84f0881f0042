"""The practice clinic: made-up patients in every situation, dated relative to today, and their laboratory files."""
