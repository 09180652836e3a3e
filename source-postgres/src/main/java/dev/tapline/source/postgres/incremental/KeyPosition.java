package dev.tapline.source.postgres.incremental;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A position of a split by key: where the stream was left, which of the rows there are known, and
/// what that rests on.
///
/// @param values the key's values, in its order; empty when no row could hold the position
/// @param rows the digests of the rows there
/// @param ahead the digests of the rows that lie ahead of all that can be expected
/// @param far the first value of the key of the highest of these; empty when none is far ahead
/// @param transactions which transactions' rows are known
/// @param forgetful whether more rows stand there than are known
/// @param basis what it rests on
record KeyPosition(
    List<String> values,
    String rows,
    String ahead,
    String far,
    Optional<SeenTransactions> transactions,
    boolean forgetful,
    Basis basis) {
  private static final String ORDER = "order";
  private static final String ROWS = "rows";
  private static final String AHEAD = "rows.ahead";
  private static final String FAR = "rows.far";
  private static final String TRANSACTIONS = "transactions";
  private static final String TREE = "transactions.tree";
  private static final String FORGETFUL = "rows.forgotten";
  private static final String OID = "oid";
  private static final String NEXT = "next";
  private static final String FILE = "relfilenode";
  private static final String COLUMNS = "columns=";

  /// What was so when the position was taken.
  ///
  /// @param next the number of the transaction that the server would have begun next; -1 if an
  ///   earlier version has not written it down
  /// @param file the file that held the table's rows; empty where that tells nothing
  /// @param columns those that were read, as [ColumnDigests#of] has them; empty if an earlier
  ///   version has not written them down
  record Basis(long next, String file, String columns) {
    /// That of a position of an earlier version.
    static final Basis UNKNOWN = new Basis(-1, "", "");

    /// The same with the columns of another.
    Basis withColumnsOf(Basis other) {
      return new Basis(next, file, other.columns());
    }

    boolean isKnown() {
      return next >= 0;
    }
  }

  KeyPosition {
    values = List.copyOf(values);
  }

  /// Reads a position with which the key has no problem.
  ///
  /// @param tree the tables that have the rows now, as it was given to [#in]
  /// @param numbered whether rows have the numbers of transactions
  static KeyPosition of(ReplicationKey key, Position position, String tree, boolean numbered) {
    SortedMap<String, String> entries = position.entries();
    List<String> values = new ArrayList<>();
    for (Field field : key.fields()) {
      String value = entries.get(Position.KEY + field.name());
      if (value != null) {
        values.add(value);
      }
    }
    String transactions =
        isUnknown(position, tree, numbered) ? "" : entries.getOrDefault(TRANSACTIONS, "");
    String next = entries.getOrDefault(NEXT, "");
    return new KeyPosition(
        values.size() == key.fields().size() ? values : List.of(),
        entries.getOrDefault(ROWS, ""),
        entries.getOrDefault(AHEAD, ""),
        entries.getOrDefault(FAR, ""),
        transactions.isEmpty() ? Optional.empty() : Optional.of(SeenTransactions.of(transactions)),
        entries.containsKey(FORGETFUL),
        next.isEmpty()
            ? Basis.UNKNOWN
            : new Basis(
                Long.parseLong(next),
                entries.getOrDefault(FILE, ""),
                entries.getOrDefault(Position.FACTS, "").replaceFirst(COLUMNS, "")));
  }

  /// Whether a position has transactions that tell nothing of the rows that are there now: those of
  /// a table that was attached later were written by older ones, and were not seen.
  static boolean isUnknown(Position position, String tree, boolean numbered) {
    SortedMap<String, String> entries = position.entries();
    return entries.containsKey(TRANSACTIONS)
        && !(numbered && (tree.isEmpty() || tree.equals(entries.get(TREE))));
  }

  /// The same without transactions whose numbers tell nothing any more.
  KeyPosition knownAt(long next) {
    return transactions.isEmpty() || transactions.get().holds(next)
        ? this
        : new KeyPosition(values, rows, ahead, far, Optional.empty(), forgetful, basis);
  }

  /// The same on another ground.
  KeyPosition on(Basis other) {
    return new KeyPosition(values, rows, ahead, far, transactions, forgetful, other);
  }

  /// For the state.
  ///
  /// @param tree a digest of the tables that have the rows; empty when it is only the table itself
  Position in(ReplicationKey key, long oid, String tree) {
    SortedMap<String, String> entries = new TreeMap<>();
    entries.put(Position.KEYS, key.names());
    entries.put(ORDER, key.order());
    entries.put(OID, Long.toString(oid));
    for (int i = 0; i < values.size(); i++) {
      entries.put(Position.KEY + key.fields().get(i).name(), values.get(i));
    }
    put(entries, ROWS, rows);
    put(entries, AHEAD, ahead);
    put(entries, FAR, far);
    put(entries, TRANSACTIONS, transactions.map(SeenTransactions::toString).orElse(""));
    put(entries, TREE, transactions.isPresent() ? tree : "");
    put(entries, FORGETFUL, forgetful ? "yes" : "");
    if (basis.isKnown()) {
      put(entries, NEXT, Long.toString(basis.next()));
      put(entries, FILE, basis.file());
      put(entries, Position.FACTS, basis.columns().isEmpty() ? "" : COLUMNS + basis.columns());
    }
    return new Position(entries);
  }

  private static void put(SortedMap<String, String> entries, String name, String value) {
    if (!value.isEmpty()) {
      entries.put(name, value);
    }
  }

  /// Why a position is of no use for a key of a table; nothing when it is.
  static String problem(ReplicationKey key, long oid, Position position) {
    if (!key.names().equals(position.entries().get(Position.KEYS))) {
      return KeyNotice.OTHER_KEY.reason("its replication key is now " + key.said());
    }
    if (!Long.toString(oid).equals(position.entries().get(OID))) {
      return KeyNotice.MADE_ANEW.reason("it was dropped and made anew");
    }
    String order = position.entries().get(ORDER);
    if (order == null) {
      // What earlier versions compared by, which is the same for the types of the server.
      return key.orders().stream().allMatch(KeyOrder::isOfServer)
          ? ""
          : KeyNotice.OTHER_KEY.reason(
              "its replication key was compared by other operators than it is ordered by, so rows may be missing");
    }
    return order.equals(key.order())
        ? ""
        : KeyNotice.OTHER_KEY.reason(
            "its replication key is now in another order: %s".formatted(key.order()));
  }
}
