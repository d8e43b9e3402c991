//! What is written for a small function fits on a page.
