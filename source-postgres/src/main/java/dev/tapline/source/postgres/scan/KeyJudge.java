package dev.tapline.source.postgres.scan;

import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Doubts bookmarks: whether rows that were not copied can lie below one. It costs one look at the
/// highest key, and a second one at the lowest when the table has another file.
///
/// One session and thread at a time.
final class KeyJudge {
  // What may be written since the catalog was read must not look like very old rows.
  private static final long MEANWHILE = 1 << 20;

  private final Session session;
  private final KeyCatalog catalog;

  /// What is to be done.
  ///
  /// @param outdated why the stream is to be copied anew; empty when it goes on
  /// @param behind whether the server has not come as far as the bookmark, so that nothing is read
  /// @param doubts what is to be told
  /// @param ground what the next position rests on
  record Verdict(
      String outdated, boolean behind, List<String> doubts, KeyPosition.Ground ground) {
    /// Copies the list.
    Verdict {
      doubts = List.copyOf(doubts);
    }

    static Verdict outdated(String why) {
      return new Verdict(why, false, List.of(), KeyPosition.Ground.UNKNOWN);
    }
  }

  /// A row at one end of the key.
  ///
  /// @param value the first value of its key
  /// @param far whether it is far ahead
  /// @param reached whether it is at the bookmark or beyond
  /// @param age how many transactions before [#MEANWHILE] from now it was written
  private record End(String value, boolean far, boolean reached, long age) {}

  KeyJudge(Session session, KeyCatalog catalog) {
    this.session = session;
    this.catalog = catalog;
  }

  Verdict judge(KeyScan scan, KeyPosition position) throws SQLException {
    KeyPosition.Ground now = scan.ground();
    KeyPosition.Ground then = position.ground();
    if (then.next() > catalog.next()) {
      return catalog.standby()
          ? new Verdict(
              "",
              true,
              List.of(
                  "the standby has not come as far as where the stream was left, so nothing is read of it"),
              then)
          : Verdict.outdated(
              "the server went back: it is at transaction %d, and was at %d when the stream was left"
                  .formatted(catalog.next(), then.next()));
    }
    List<String> doubts = new ArrayList<>();
    if (position.forgetful()) {
      doubts.add(
          "more than %d rows have the key of its bookmark, or lie within its lookback: those beyond that number come again in each run, as %s has nothing that tells which rows are new"
              .formatted(SeenRows.MOST, scan.label()));
    }
    if (position.values().isEmpty()) {
      tellFar(scan, position.far(), doubts);
      return new Verdict("", false, doubts, now);
    }
    Optional<String> misplaced = clock(scan, position);
    if (misplaced.isPresent() && !then.isKnown()) {
      return Verdict.outdated(misplaced.get());
    }
    misplaced.ifPresent(doubts::add);
    return scan.numbered() ? ends(scan, position, doubts) : view(scan, position, doubts);
  }

  private static void tellFar(KeyScan scan, String far, List<String> doubts) {
    if (!far.isEmpty()) {
      doubts.add(
          new KeyAhead(
                  scan.key().fields().getFirst(),
                  scan.key().orders().getFirst().type(),
                  KeyAhead.NO_CLOCK)
              .told(far));
    }
  }

  // A bookmark is never beyond the clock; one of an earlier version may be.
  private Optional<String> clock(KeyScan scan, KeyPosition position) throws SQLException {
    KeyAhead ahead = KeyAhead.of(scan.key(), catalog.clock());
    String value = position.values().getFirst();
    if (!setBookmark(scan.key(), ahead, position)) {
      return Optional.empty();
    }
    return Optional.of(
        position.ground().isKnown()
            ? "the server's clock was set back: it is at %s UTC, before its bookmark %s; rows written before the clock has passed that do not come: %s"
                .formatted(catalog.clock(), value, reset(scan.stream()))
            : "its bookmark %s is far ahead of the server's clock, so rows may be missing"
                .formatted(value));
  }

  // With one question: the bookmark's values go into the settings, and whether it lies ahead comes
  // back.
  private boolean setBookmark(KeyForm key, KeyAhead ahead, KeyPosition position)
      throws SQLException {
    String first =
        "pg_catalog.set_config('%s', ?, true)::%s"
            .formatted(KeyForm.setting(0), key.orders().getFirst().type());
    String others =
        IntStream.range(1, key.fields().size())
            .mapToObj(i -> ", pg_catalog.set_config('%s', ?, true)".formatted(KeyForm.setting(i)))
            .collect(Collectors.joining());
    String misplaced =
        ahead.isTime()
            ? ahead.isAhead(first, position.ground().isKnown() ? "1 s" : "1 day")
            : first + " IS NULL";
    return session
        .query("SELECT " + misplaced + others, position.values(), row -> row.getBoolean(1))
        .getFirst();
  }

  private Verdict ends(KeyScan scan, KeyPosition position, List<String> doubts)
      throws SQLException {
    KeyPosition.Ground then = position.ground();
    KeyPosition.Ground now = scan.ground();
    @Nullable End highest = end(scan, scan.key().descending());
    if (highest == null) {
      // What is filled in later is judged by how the table was before.
      return new Verdict("", false, doubts, then.isKnown() ? then : now);
    }
    if (highest.far()) {
      tellFar(scan, highest.value(), doubts);
    }
    if (then.isKnown() && !now.file().isEmpty() && !then.file().equals(now.file())) {
      @Nullable End lowest = end(scan, scan.key().ascending());
      if (lowest != null && !lowest.reached() && isNewer(lowest, then)) {
        return Verdict.outdated(
            "it was truncated or rewritten, and then rows were written below its bookmark, of %s %s"
                .formatted(scan.key().fields().getFirst().name(), lowest.value()));
      }
    }
    if (!highest.reached() && (!then.isKnown() || isNewer(highest, then))) {
      doubts.add(below(scan, position, "its highest key is now " + highest.value()));
      return new Verdict("", false, doubts, then);
    }
    return new Verdict("", false, doubts, now);
  }

  private boolean isNewer(End end, KeyPosition.Ground then) {
    return end.age() <= catalog.next() + MEANWHILE - then.next();
  }

  private @Nullable End end(KeyScan scan, String order)
      throws SQLException {
    KeyForm key = scan.key();
    KeyAhead ahead = KeyAhead.of(key, catalog.clock());
    String first = KeyForm.name(key.fields().getFirst());
    String sql =
        "SELECT %s::pg_catalog.text, %s, %s, %s FROM %s AS %s WHERE %s ORDER BY %s LIMIT 1"
            .formatted(
                first,
                ahead.isKnown() ? ahead.isAhead(first, "1 day") : "false",
                key.atBookmark(),
                SeenTransactions.age(catalog.next() + MEANWHILE),
                scan.table(),
                KeyForm.ALIAS,
                key.present(),
                order);
    List<End> found =
        session.query(
            sql,
            row ->
                new End(
                    row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getLong(4)));
    return found.isEmpty() ? null : found.getFirst();
  }

  // Of what has no transactions, it is only known whether the row at the bookmark is still there.
  private Verdict view(KeyScan scan, KeyPosition position, List<String> doubts)
      throws SQLException {
    tellFar(scan, position.far(), doubts);
    KeyForm key = scan.key();
    String rows = "EXISTS (SELECT 1 FROM %s AS %s WHERE %s%s)";
    String beyond = key.atBookmark() + " AND ";
    String sql =
        "SELECT %s OR NOT %s"
            .formatted(
                rows.formatted(scan.table(), KeyForm.ALIAS, beyond, key.present()),
                rows.formatted(scan.table(), KeyForm.ALIAS, "", key.present()));
    boolean sound =
        session.query(sql, row -> row.getBoolean(1)).getFirst();
    if (!sound) {
      doubts.add(below(scan, position, "its highest key is now lower"));
    }
    return new Verdict("", false, doubts, scan.ground());
  }

  private static String below(KeyScan scan, KeyPosition position, String what) {
    return "%s, below its bookmark %s: if it was emptied and filled again, its rows do not come; then %s"
        .formatted(what, String.join(", ", position.values()), reset(scan.stream()));
  }

  private static String reset(StreamName stream) {
    return "runtime reset --stream '%s' has it copied anew".formatted(stream);
  }
}
