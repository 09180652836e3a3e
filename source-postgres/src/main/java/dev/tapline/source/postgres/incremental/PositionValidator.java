package dev.tapline.source.postgres.incremental;

import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks positions: whether rows that were not copied can lie below one.
final class PositionValidator {
  private final KeyCatalog catalog;
  private final KeyExtremes extremes;

  /// What is to be done.
  ///
  /// @param outdated why the stream is to be copied anew; empty when it goes on
  /// @param behind whether the server has not come as far as the position, so that nothing is read
  /// @param doubts warnings
  /// @param basis what the next position rests on
  record Verdict(String outdated, boolean behind, List<String> doubts, KeyPosition.Basis basis) {
    Verdict {
      doubts = List.copyOf(doubts);
    }

    static Verdict outdated(KeyNotice notice, String why) {
      return new Verdict(notice.reason(why), false, List.of(), KeyPosition.Basis.UNKNOWN);
    }

    static Verdict goesOn(List<String> doubts, KeyPosition.Basis basis) {
      return new Verdict("", false, doubts, basis);
    }
  }

  /// @param extremes looks at keys in the same transaction
  PositionValidator(KeyCatalog catalog, KeyExtremes extremes) {
    this.catalog = catalog;
    this.extremes = extremes;
  }

  /// Judges by what the server says of itself; nothing when that is no reason to stop.
  @Nullable Verdict judgeServer(KeyPosition.Basis then) {
    if (then.next() <= catalog.next()) {
      return null;
    }
    return catalog.standby()
        ? new Verdict(
            "",
            true,
            List.of(
                KeyNotice.STANDBY_BEHIND.doubt(
                    "the standby has not come as far as where the stream was left, so nothing is read of it")),
            then)
        : Verdict.outdated(
            KeyNotice.WENT_BACK,
            "the server went back: it is at transaction %d, and was at %d when the stream was left"
                .formatted(catalog.next(), then.next()));
  }

  /// Judges where no row could hold the position.
  Verdict judgeWithoutPosition(KeyExtremes.Left left) {
    List<String> doubts = new ArrayList<>();
    addUnrememberedRows(left, doubts);
    addChangedTree(left, doubts);
    addOutlier(left.scan(), left.position().far(), doubts);
    return Verdict.goesOn(doubts, left.scan().basis());
  }

  /// Judges by the row with the highest key.
  Verdict judge(KeyExtremes.Left left, KeyExtremes.Look highest) throws SQLException {
    KeyPosition.Basis then = left.position().basis();
    List<String> doubts = new ArrayList<>();
    addUnrememberedRows(left, doubts);
    addChangedTree(left, doubts);
    if (highest.misplaced()) {
      String at = left.position().values().getFirst();
      if (!then.isKnown()) {
        return Verdict.outdated(
            KeyNotice.AHEAD_OF_ALL,
            "its position %s is %s, so rows may be missing"
                .formatted(at, OutlierKeys.of(left.scan().key(), OutlierKeys.NO_CLOCK).why()));
      }
      // A position is never beyond the clock.
      doubts.add(
          KeyNotice.CLOCK_SET_BACK.doubt(
              "the server's clock was set back: it is at %s UTC, before its position %s; rows written before the clock has passed that do not come: %s"
                  .formatted(catalog.clock(), at, reset(left.scan().stream()))));
    }
    return left.scan().numbered()
        ? judgeRow(left, highest.row(), doubts)
        : judgeView(left, highest.row(), doubts);
  }

  private Verdict judgeRow(
      KeyExtremes.Left left, KeyExtremes.@Nullable Row highest, List<String> doubts)
      throws SQLException {
    KeyScan scan = left.scan();
    KeyPosition.Basis then = left.position().basis();
    KeyPosition.Basis now = scan.basis();
    if (highest == null) {
      // What is filled in later is judged by how the table was before.
      return Verdict.goesOn(doubts, then.isKnown() ? then : now);
    }
    if (highest.far()) {
      addOutlier(scan, highest.value(), doubts);
    }
    if (then.isKnown() && !now.file().isEmpty() && !then.file().equals(now.file())) {
      KeyExtremes.@Nullable Row lowest = extremes.lowest(left).row();
      if (lowest != null && !lowest.reached() && isNewer(lowest, then)) {
        return Verdict.outdated(
            KeyNotice.FILLED_AGAIN,
            "it was truncated or rewritten, and then rows were written below its position, of %s %s"
                .formatted(scan.key().fields().getFirst().name(), lowest.value()));
      }
    }
    if (!highest.reached() && (!then.isKnown() || isNewer(highest, then))) {
      doubts.add(below(left, "its highest key is now " + highest.value()));
      return Verdict.goesOn(doubts, then);
    }
    return Verdict.goesOn(doubts, now);
  }

  private boolean isNewer(KeyExtremes.Row row, KeyPosition.Basis then) {
    return row.age() <= catalog.next() - then.next();
  }

  // Of what has no transactions, it is only known whether a row at the position is still there.
  private static Verdict judgeView(
      KeyExtremes.Left left, KeyExtremes.@Nullable Row row, List<String> doubts) {
    addOutlier(left.scan(), left.position().far(), doubts);
    if (row != null && !row.reached()) {
      doubts.add(below(left, "its highest key is now lower"));
    }
    return Verdict.goesOn(doubts, left.scan().basis());
  }

  private static void addUnrememberedRows(KeyExtremes.Left left, List<String> doubts) {
    if (left.position().forgetful()) {
      doubts.add(
          KeyNotice.FORGETFUL.doubt(
              "more than %d rows have the key of its position, or lie within its lookback: those beyond that number come again in each run, as nothing tells which of them are new"
                  .formatted(SeenRows.MAX_ROWS)));
    }
  }

  private static void addChangedTree(KeyExtremes.Left left, List<String> doubts) {
    if (left.scan().isUnknown(left.from())) {
      doubts.add(
          KeyNotice.OTHER_TREE.doubt(
              "which of the more than %d rows at its position are known cannot be told any more, as tables were added to it or taken from it, or its user may not read their transactions: they come once more"
                  .formatted(SeenRows.MAX_ROWS)));
    }
  }

  private static void addOutlier(KeyScan scan, String far, List<String> doubts) {
    if (!far.isEmpty()) {
      doubts.add(
          KeyNotice.FAR_AHEAD.doubt(OutlierKeys.of(scan.key(), OutlierKeys.NO_CLOCK).told(far)));
    }
  }

  private static String below(KeyExtremes.Left left, String what) {
    return KeyNotice.BELOW.doubt(
        "%s, below its position %s: if it was emptied and filled again, its rows do not come; then %s"
            .formatted(
                what, String.join(", ", left.position().values()), reset(left.scan().stream())));
  }

  private static String reset(StreamName stream) {
    return "runtime reset --stream '%s' has it copied anew".formatted(stream);
  }
}
