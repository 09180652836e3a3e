package dev.tapline.spi.sink;

/// What a writer has prepared and a committer shall make visible. The engine keeps it in the state
/// file, so it must be small, and mean the same to another process after a crash.
///
/// @param version the version of the payload's form, so that a later release can still read it
/// @param payload the sink's own words; text, so that the state can be read by people; no secrets
public record Commit(int version, String payload) {}
