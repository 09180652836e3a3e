package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which transactions a split has seen the rows of. It stands for any number of rows: a row of such
/// a transaction was there, and has been copied; a new or changed row belongs to a later
/// transaction.
///
/// Below `oldest` every transaction has ended, with its subtransactions. From there on only those
/// count of which a row was seen: a snapshot does not tell what is a subtransaction of one that was
/// still running.
///
/// A row has the lower half of its transaction's number only, and keeps it when it is frozen
/// (PostgreSQL 9.4 and later). So this counts for two thousand million transactions; and a frozen
/// row may at worst be taken for new.
///
/// @param oldest the oldest transaction that was running, with its epoch
/// @param seen the lower halves of those from there on of which a row was seen
record SeenTransactions(long oldest, List<Long> seen) {
  private static final long ROUND = 1L << 32;
  private static final long MAX_AGE = 1L << 31;

  SeenTransactions {
    seen = List.copyOf(seen);
  }

  /// Reads what [#toString()] has written.
  static SeenTransactions of(String text) {
    String[] parts = text.split(":", 2);
    return new SeenTransactions(
        Long.parseLong(parts[0]),
        parts.length < 2 || parts[1].isEmpty()
            ? List.of()
            : Arrays.stream(parts[1].split(",", -1)).map(Long::valueOf).toList());
  }

  /// For a position.
  @Override
  public String toString() {
    return oldest + ":" + seen.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /// Finds out what a transaction sees of some rows.
  ///
  /// @param from `FROM` with what follows it, for the rows
  /// @return nothing when too many transactions have written them
  static Optional<SeenTransactions> look(Session session, long oldest, long next, String from)
      throws SQLException {
    List<Long> seen =
        session.query(
            "SELECT DISTINCT %s %s AND NOT (%s) LIMIT %d"
                .formatted(
                    number(),
                    from,
                    new SeenTransactions(oldest, List.of()).covers(next),
                    SeenRows.MAX_ROWS + 1),
            row -> row.getLong(1));
    return seen.size() > SeenRows.MAX_ROWS
        ? Optional.empty()
        : Optional.of(new SeenTransactions(oldest, seen.stream().sorted().toList()));
  }

  /// Whether the numbers of rows still tell.
  boolean holds(long next) {
    return next - oldest < MAX_AGE;
  }

  /// Whether they will tell for a long time.
  boolean isYoung(long next) {
    return next - oldest < MAX_AGE / 2;
  }

  /// The condition that a row was seen.
  ///
  /// @param next the number that the next transaction has, with its epoch
  String covers(long next) {
    String older =
        "%s OPERATOR(pg_catalog.>) %d::pg_catalog.int8".formatted(age(next), next - oldest);
    String known =
        seen.isEmpty()
            ? ""
            : " OR %s OPERATOR(pg_catalog.=) ANY ('{%s}'::pg_catalog.int8[])"
                .formatted(
                    number(), seen.stream().map(String::valueOf).collect(Collectors.joining(",")));
    // The first numbers are of no transaction: before 9.4 a frozen row has lost its own.
    return "%s OPERATOR(pg_catalog.>=) 3::pg_catalog.int8 AND (%s%s)"
        .formatted(number(), older, known);
  }

  /// How many transactions ago a row was written, at the least.
  static String age(long next) {
    return "((%d::pg_catalog.int8 OPERATOR(pg_catalog.-) %s) OPERATOR(pg_catalog.%%) %d::pg_catalog.int8)"
        .formatted(next + ROUND, number(), ROUND);
  }

  private static String number() {
    return ReplicationKey.ALIAS + ".xmin::pg_catalog.text::pg_catalog.int8";
  }
}
