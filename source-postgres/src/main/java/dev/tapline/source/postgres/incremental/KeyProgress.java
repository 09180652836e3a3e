package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.snapshot.CopyReader;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows the rows of a split by key: how far it has come, and which of them are new.
///
/// It gives a position only where that is exact: not while rows come that an earlier read has
/// remembered, and not among more rows of one key than can be remembered.
final class KeyProgress implements CopyBinaryDecoder.RowFilter, CopyReader.Positions {
  private static final int NULL = -1;
  private static final byte[] NONE = {};

  private final KeyScan scan;
  private final KeyScan.Moment moment;
  private final KeyPosition before;
  private final boolean ranked;
  private final boolean ambiguous;
  private final boolean aheadKnown;
  private final SeenRows seen;
  private byte[] last = {};
  private byte[] group = {};
  private byte[] lastAhead = NONE;
  private boolean anyRow;
  private boolean anyCredible;
  private boolean moved;
  private boolean amongAhead;
  private boolean all;
  private Optional<SeenTransactions> transactions;

  /// @param before where it begins
  KeyProgress(KeyScan scan, KeyScan.Moment moment, KeyPosition before) {
    this.scan = scan;
    this.moment = moment;
    this.before = before;
    this.ranked = scan.key().isRanked();
    this.ambiguous = !ranked && scan.key().isAmbiguous();
    this.aheadKnown = moment.ahead().isKnown();
    this.seen = new SeenRows(before.rows() + "," + before.ahead(), scan.key().reach());
    this.moved = before.values().isEmpty();
    this.transactions = before.transactions();
  }

  KeyScan.Moment moment() {
    return moment;
  }

  @Override
  public boolean accept(byte[] message, int from, int trailing, int to) throws IOException {
    int end = trailing;
    for (int i = 0; i < scan.key().fields().size(); i++) {
      end = end(message, end);
    }
    byte[] texts = Arrays.copyOfRange(message, trailing, end);
    byte[] current = texts;
    double rank = 0;
    if (ranked || ambiguous) {
      int next = end(message, end);
      byte[] second = Arrays.copyOfRange(message, end + Integer.BYTES, next);
      end = next;
      if (ranked) {
        rank = Double.parseDouble(SeenRows.text(second));
      } else {
        current = second;
      }
    }
    int degree = aheadKnown ? BigEndian.int16(message, end + Integer.BYTES) : OutlierKeys.NOT;
    anyRow = true;
    amongAhead = degree != OutlierKeys.NOT;
    if (amongAhead) {
      lastAhead = degree == OutlierKeys.FAR ? texts : lastAhead;
    } else {
      moveTo(texts, current, rank);
    }
    return seen.isNew(message, from, trailing, current, rank, amongAhead);
  }

  private void moveTo(byte[] texts, byte[] current, double rank) {
    if (ranked) {
      moved |= rank > moment.rank();
    } else if (anyCredible && !Arrays.equals(current, group)) {
      // The first group may be that of the position.
      moved = true;
    }
    anyCredible = true;
    // A row that such a one follows was ahead of nothing.
    lastAhead = NONE;
    group = current;
    last = texts;
  }

  private static int end(byte[] message, int at) throws IOException {
    int length = BigEndian.int32(message, at);
    if (length == NULL) {
      throw new IOException("the server sent a row without a replication key");
    }
    return at + Integer.BYTES + length;
  }

  @Override
  public Map<StreamName, Position> positions(boolean finished) {
    if (!finished && (!anyCredible || !moved || amongAhead || seen.isForgetful())) {
      return Map.of();
    }
    return Map.of(scan.stream(), scan.position(finished ? end() : middle()));
  }

  // Rows ahead that are known were not met yet.
  private KeyPosition middle() {
    return new KeyPosition(
        values(), seen.rows(), before.ahead(), before.far(), transactions, false, before.basis());
  }

  /// The position behind the last row.
  KeyPosition end() {
    KeyPosition.Basis basis = scan.basis();
    if (!anyRow) {
      return new KeyPosition(
          before.values(),
          all ? "" : before.rows(),
          all ? "" : before.ahead(),
          before.far(),
          transactions,
          before.forgetful(),
          basis);
    }
    return new KeyPosition(
        values(),
        all ? "" : seen.rows(),
        all ? "" : seen.ahead(),
        lastAhead.length == 0 ? "" : texts(lastAhead).getFirst(),
        transactions,
        !all && seen.isForgetful(),
        basis);
  }

  // A lookback brings rows below the position, even if there are none beyond it any more.
  private List<String> values() {
    return anyCredible && (moved || !ranked) ? texts(last) : before.values();
  }

  private List<String> texts(byte[] message) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < scan.key().fields().size(); i++) {
      int length = BigEndian.int32(message, at);
      at += Integer.BYTES;
      texts.add(SeenRows.text(Arrays.copyOfRange(message, at, at + length)));
      at += length;
    }
    return texts;
  }

  @Override
  public void ended(Session session) throws SQLException {
    if (ranked && !moved) {
      seen.keepFrom(moment.rank() - scan.key().reach());
    }
    if (!scan.numbered() || !(seen.isForgetful() || transactions.isPresent())) {
      return;
    }
    List<String> values = values();
    for (int i = 0; i < values.size(); i++) {
      session.set(ReplicationKey.setting(i), values.get(i));
    }
    String rows = scan.rows(values);
    if (!seen.isForgetful()
        && session
            .query(
                "SELECT 1 %s AND (%s) LIMIT 1"
                    .formatted(rows, transactions.orElseThrow().covers(moment.next())),
                row -> row.getInt(1))
            .isEmpty()) {
      transactions = Optional.empty();
    } else if (seen.isForgetful() || !transactions.orElseThrow().isYoung(moment.next())) {
      transactions = SeenTransactions.look(session, moment.oldest(), moment.next(), rows);
      all = transactions.isPresent();
    }
  }
}
