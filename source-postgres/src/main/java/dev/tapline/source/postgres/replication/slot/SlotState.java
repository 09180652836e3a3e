package dev.tapline.source.postgres.replication.slot;

import java.util.OptionalLong;

/// A row of `pg_replication_slots`.
///
/// @param name its name
/// @param plugin its output plug-in, or nothing for a physical slot
/// @param database the database it belongs to, or nothing for a physical slot
/// @param activePid who serves its consumer
/// @param confirmed the position that its consumer has confirmed, if any
/// @param confirmedAhead how many bytes before the confirmed position the server still keeps
/// @param held bytes of the log that the server keeps for it, if it knows
/// @param status `wal_status`, or nothing where the server does not say
/// @param invalidation why the server has given it up, or nothing
public record SlotState(
    String name,
    String plugin,
    String database,
    OptionalLong activePid,
    OptionalLong confirmed,
    OptionalLong confirmedAhead,
    OptionalLong held,
    String status,
    String invalidation) {

  /// Whether the log that it needs is gone.
  public boolean isLost() {
    return status.equals("lost") || !invalidation.isEmpty();
  }

  /// Why it is lost, in the server's words.
  public String reason() {
    return invalidation.isEmpty() ? "wal_status is " + status : invalidation;
  }
}
