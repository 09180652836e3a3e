package dev.tapline.source.postgres.activity;

import java.util.OptionalLong;

/// A transaction that has begun and not ended: either open, or prepared (`PREPARE TRANSACTION`) and
/// never finished.
///
/// @param gid the name under which it was prepared; nothing for one that is open
/// @param pid who has it open; 0 for a prepared one
/// @param user whose it is
/// @param database in which it is
/// @param seconds for how long it has been open or prepared; none where the server does not say
/// @param state what its session does now (`active`, `idle in transaction`, ...), or nothing
/// @param statement the last statement of its session, or nothing
/// @param xid its number; none while it has written nothing
/// @param xmin the oldest number that its snapshot needs; none without one
/// @param virtual its virtual number, as `pg_locks` names whoever holds a lock
public record OpenTransaction(
    String gid,
    long pid,
    String user,
    String database,
    OptionalLong seconds,
    String state,
    String statement,
    OptionalLong xid,
    OptionalLong xmin,
    String virtual) {
  private static final int MAX_STATEMENT = 200;

  /// Whether it waits for a `COMMIT PREPARED` or `ROLLBACK PREPARED`.
  public boolean isPrepared() {
    return !gid.isEmpty();
  }

  /// Which one it is, for a message.
  public String said() {
    String since = seconds.isEmpty() ? "" : " for " + duration(seconds.getAsLong());
    if (isPrepared()) {
      return "the transaction that user '%s' prepared as '%s' in database '%s'%s"
          .formatted(user, gid, database, since.isEmpty() ? "" : ", which has waited" + since);
    }
    String last =
        statement.isEmpty()
            ? ""
            : ", %s: %s".formatted(state.isEmpty() ? "last statement" : state, shortened());
    return "PID %d of user '%s' in database '%s'%s%s"
        .formatted(
            pid,
            user,
            database,
            since.isEmpty() ? "" : ", whose transaction is open" + since,
            last);
  }

  /// How it can be ended.
  public String remedy() {
    return isPrepared()
        ? "COMMIT PREPARED %s; or ROLLBACK PREPARED %<s; in that database"
            .formatted("'" + gid.replace("'", "''") + "'")
        : "have it end, or SELECT pg_terminate_backend(%d);".formatted(pid);
  }

  private String shortened() {
    String line = statement.replaceAll("\\s+", " ").strip();
    return line.length() <= MAX_STATEMENT ? line : line.substring(0, MAX_STATEMENT) + " ...";
  }

  private static String duration(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }
}
