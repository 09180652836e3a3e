package dev.tapline.spi.source;

import java.util.OptionalLong;

/// What the server says of a replication slot, in the words of its view `pg_replication_slots`;
/// empty text where the server does not know.
///
/// @param name its name
/// @param database the database it belongs to
/// @param plugin its output plug-in
/// @param own whether the source, as it is configured, reads this slot
/// @param activePid the process of the server that serves its consumer; none when nobody reads it
/// @param confirmed the position that its consumer has confirmed
/// @param heldBytes how much of the log the server keeps for it
/// @param status whether the log that it needs is still there (`reserved`, `extended`,
///   `unreserved`, `lost`), with the reason where it is not
/// @param heldFor what else than its consumer makes the server keep the log, as a transaction that
///   nobody ends, with the remedy; empty when nothing does
public record Slot(
    String name,
    String database,
    String plugin,
    boolean own,
    OptionalLong activePid,
    String confirmed,
    OptionalLong heldBytes,
    String status,
    String heldFor) {}
