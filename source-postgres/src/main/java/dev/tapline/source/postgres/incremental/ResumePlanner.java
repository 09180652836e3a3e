package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.ColumnDigests;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.snapshot.SnapshotSession;
import dev.tapline.source.postgres.snapshot.StreamTables;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Split;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides how the streams of one database go on, many at a time.
///
/// For one session and thread at a time.
final class ResumePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(ResumePlanner.class);

  private final Session session;
  private final KeyExtremes extremes;
  private final PositionValidator validator;
  private final List<Split> splits = new ArrayList<>();
  private final Map<StreamName, String> outdated = new HashMap<>();
  private final Map<StreamName, List<String>> doubts = new HashMap<>();
  private final List<KeyExtremes.Left> waiting = new ArrayList<>();

  /// @param session in a transaction, of which none is left when it is at the end
  ResumePlanner(Session session, KeyCatalog catalog) {
    this.session = session;
    this.extremes = new KeyExtremes(session, catalog);
    this.validator = new PositionValidator(catalog, extremes);
  }

  /// Decides about a stream, or has it wait until many are looked at.
  ///
  /// @param columns those that are read
  /// @param numbers those of all columns of the table
  void add(KeyScan scan, Position position, List<Column> columns, SortedSet<Integer> numbers)
      throws SQLException {
    String problem = KeyPosition.problem(scan.key(), scan.oid(), position);
    if (!problem.isEmpty()) {
      outdated.put(scan.stream(), problem);
      return;
    }
    KeyExtremes.Left left = new KeyExtremes.Left(scan, position, scan.from(position));
    ColumnDigests.Changes changes =
        ColumnDigests.since(left.position().basis().columns(), columns, numbers);
    if (!changes.come().isEmpty()) {
      outdated.put(
          scan.stream(),
          KeyNotice.MORE_COLUMNS.reason(
              "its columns %s come now, and did not come before"
                  .formatted(String.join(", ", changes.come()))));
      return;
    }
    changes
        .told()
        .forEach(told ->
            doubt(
                scan.stream(),
                KeyNotice.COLUMNS_ALTERED.doubt(
                    "%s; rows that were written before stay as they are, until runtime reset --stream '%s' has it copied anew"
                        .formatted(told, scan.stream()))));
    PositionValidator.@Nullable Verdict verdict = validator.judgeServer(left.position().basis());
    if (verdict != null) {
      take(left, verdict);
    } else if (left.position().values().isEmpty()) {
      take(left, validator.judgeWithoutPosition(left));
    } else if (scan.isComputed()) {
      // Under the search path of the role, which the others must not have.
      look(List.of(left));
    } else {
      waiting.add(left);
      if (waiting.size() == SnapshotSession.LOOKS_IN_A_TRANSACTION) {
        look();
      }
    }
  }

  /// What was decided.
  ResumePlan end() throws SQLException {
    look();
    return new ResumePlan(splits, outdated, doubts);
  }

  private void look() throws SQLException {
    List<KeyExtremes.Left> now = List.copyOf(waiting);
    waiting.clear();
    if (!now.isEmpty() && !isJudged(now)) {
      look(now);
    }
  }

  // Each alone.
  private void look(List<KeyExtremes.Left> now) throws SQLException {
    for (KeyExtremes.Left left : now) {
      if (!isJudged(List.of(left))) {
        // A table that cannot be read fails alone, when its split begins.
        take(left, PositionValidator.Verdict.goesOn(List.of(), left.position().basis()));
      }
    }
  }

  // A table in the middle of an ALTER must not hold up the others; and a transaction keeps the
  // locks
  // of all that it has looked at.
  private boolean isJudged(List<KeyExtremes.Left> streams) throws SQLException {
    session.rollback();
    session.beginSnapshot();
    session.execute("SET LOCAL lock_timeout = '2s'");
    if (streams.stream().anyMatch(left -> left.scan().isComputed())) {
      session.execute(Session.OWN_SEARCH_PATH);
    }
    try {
      List<KeyExtremes.Look> looks = extremes.highest(streams);
      List<PositionValidator.Verdict> verdicts = new ArrayList<>();
      for (int i = 0; i < streams.size(); i++) {
        verdicts.add(validator.judge(streams.get(i), looks.get(i)));
      }
      for (int i = 0; i < streams.size(); i++) {
        take(streams.get(i), verdicts.get(i));
      }
      return true;
    } catch (SQLException e) {
      LOG.debug("{} streams cannot be looked at together", streams.size(), e);
      return false;
    }
  }

  private void take(KeyExtremes.Left left, PositionValidator.Verdict verdict) {
    StreamName stream = left.scan().stream();
    if (!verdict.outdated().isEmpty()) {
      outdated.put(stream, verdict.outdated());
      doubts.remove(stream);
      return;
    }
    verdict.doubts().forEach(doubt -> doubt(stream, doubt));
    if (!verdict.behind()) {
      KeyScan scan = left.scan();
      String id = StreamTables.id(stream, scan.oid()) + "-key";
      KeyPosition.Basis basis = verdict.basis().withColumnsOf(scan.basis());
      splits.add(scan.on(basis).split(id, left.from()));
    }
  }

  private void doubt(StreamName stream, String doubt) {
    doubts.computeIfAbsent(stream, _ -> new ArrayList<>()).add(doubt);
  }
}
