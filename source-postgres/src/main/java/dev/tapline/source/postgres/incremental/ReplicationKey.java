package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The replication key of a stream, in SQL.
///
/// Values of the key go to the server as parameters, into settings of the transaction ([#setting]),
/// because COPY takes no parameters itself: nothing that came out of a table is ever part of a
/// statement. Every operator is named with its schema, so that no search path decides which one it
/// is.
///
/// @param fields the key's fields, at least one
/// @param orders how each is ordered
/// @param lookback as [Stream#lookback()]
record ReplicationKey(List<Field> fields, List<KeyOrder> orders, String lookback) {
  /// The setting that holds the lookback.
  static final String LOOKBACK = "tapline.lookback";

  /// What the conditions call the table.
  static final String ALIAS = "keyed";

  ReplicationKey {
    fields = List.copyOf(fields);
    orders = List.copyOf(orders);
    if (fields.size() != orders.size()) {
      throw new IllegalArgumentException(orders.size() + " orders for " + fields.size());
    }
  }

  static ReplicationKey of(Stream stream, List<KeyOrder> orders) {
    return new ReplicationKey(KeyTypes.fields(stream), orders, stream.lookback());
  }

  /// How far behind the last key rows must be remembered, in the unit of [#hidden]'s rank.
  double reach() {
    return KeyTypes.reach(fields.getFirst(), lookback);
  }

  boolean isRanked() {
    return !lookback.isEmpty();
  }

  /// What each row has behind its columns: the key's values as text; then a number that orders the
  /// first of them, if there is a lookback, or else one that equal keys share, if these may differ
  /// as text; then whether the row lies ahead, if such rows are told apart.
  List<String> hidden(OutlierKeys ahead) {
    List<String> hidden = new ArrayList<>();
    fields.forEach(field -> hidden.add(name(field) + "::pg_catalog.text"));
    if (isRanked()) {
      hidden.add(rank(name(fields.getFirst())));
    } else if (isAmbiguous()) {
      hidden.add("(pg_catalog.dense_rank() OVER (ORDER BY " + ascending() + "))::pg_catalog.text");
    }
    if (ahead.isKnown()) {
      hidden.add(ahead.degree());
    }
    return hidden;
  }

  /// The rank of the position whose values are in the settings.
  String rankOfPosition() {
    return rank(setting(0, orders.getFirst().type()));
  }

  private String rank(String value) {
    String number =
        KeyTypes.isTime(fields.getFirst())
            ? "pg_catalog.date_part('epoch', " + value + ")"
            : number(value);
    return number + "::pg_catalog.float8::pg_catalog.text";
  }

  /// Whether values that are equal may be written differently, as the numerics 2 and 2.00 are, or
  /// texts under a collation that is not deterministic (manual, "Collation Support").
  boolean isAmbiguous() {
    return fields.stream().anyMatch(KeyTypes::isAmbiguous);
  }

  /// The condition that a row lies at or beyond the position whose values are in the settings; with
  /// a lookback, so far behind it.
  String beyond() {
    if (!isRanked()) {
      return atOrBeyond(index -> setting(index, orders.get(index).type()));
    }
    KeyOrder order = orders.getFirst();
    String step =
        "pg_catalog.current_setting('%s')::pg_catalog.%s"
            .formatted(LOOKBACK, KeyTypes.isTime(fields.getFirst()) ? "interval" : "numeric");
    String start =
        number(setting(0, order.type()))
            + " OPERATOR(pg_catalog.-) "
            + step
            + KeyTypes.lowest(order.type());
    return "%s %s %s::%s"
        .formatted(
            name(fields.getFirst()),
            order.atLeast(),
            number("(GREATEST(" + start + "))"),
            order.type());
  }

  // Of an oid only a bigint can be made, and the other way round.
  private String number(String value) {
    return orders.getFirst().type().equals("\"pg_catalog\".\"oid\"")
        ? value + "::pg_catalog.int8"
        : value;
  }

  /// The condition that a row lies at or beyond a key.
  ///
  /// @param value the SQL of each of the key's values
  String atOrBeyond(IntFunction<String> value) {
    KeyOrder first = orders.getFirst();
    if (fields.size() == 1) {
      return name(fields.getFirst()) + " " + first.atLeast() + " " + value.apply(0);
    }
    if (orders.stream().allMatch(order -> order.atLeast().equals(first.atLeast()))) {
      // What an index on the key serves best (manual, "Row and Array Comparisons").
      return "ROW(%s) %s ROW(%s)"
          .formatted(
              ascending(),
              first.atLeast(),
              IntStream.range(0, fields.size()).mapToObj(value).collect(Collectors.joining(", ")));
    }
    return "(" + atOrBeyond(0, value) + ")";
  }

  // A row comparison takes one operator for all its columns. Written out, an index is entered by
  // the first column.
  private String atOrBeyond(int index, IntFunction<String> value) {
    String name = name(fields.get(index));
    KeyOrder order = orders.get(index);
    String atLeast = name + " " + order.atLeast() + " " + value.apply(index);
    return index == fields.size() - 1
        ? atLeast
        : "%s AND (%s %s %s OR (%s))"
            .formatted(
                atLeast, name, order.above(), value.apply(index), atOrBeyond(index + 1, value));
  }

  /// The condition that the key has a value to go by: beyond infinity and NaN, which are higher
  /// than every other value, no row would ever be found.
  String present() {
    return fields.stream()
        .map(field -> name(field) + " IS NOT NULL" + finite(field))
        .collect(Collectors.joining(" AND "));
  }

  private static String finite(Field field) {
    return switch (field.type()) {
      case DataType.Scalar.DATE, DataType.Scalar.TIMESTAMP, DataType.Scalar.TIMESTAMP_TZ ->
          " AND pg_catalog.isfinite(" + name(field) + ")";
      case DataType.Scalar.FLOAT32, DataType.Scalar.FLOAT64 -> beyondNumbers(field);
      case DataType.Decimal decimal -> beyondNumbers(field);
      default -> "";
    };
  }

  // As text, since a numeric knows no infinity before PostgreSQL 14.
  private static String beyondNumbers(Field field) {
    return " AND "
        + name(field)
        + "::pg_catalog.text OPERATOR(pg_catalog.<>) ALL ('{NaN,Infinity}'::pg_catalog.text[])";
  }

  // ORDER BY takes the operators of the type's default class, whatever the search path is.
  String ascending() {
    return fields.stream().map(ReplicationKey::name).collect(Collectors.joining(", "));
  }

  String descending() {
    return fields.stream().map(field -> name(field) + " DESC").collect(Collectors.joining(", "));
  }

  /// The setting that holds a value of the key.
  static String setting(int index) {
    return "tapline.key" + index;
  }

  private static String setting(int index, String type) {
    return "pg_catalog.current_setting('%s')::%s".formatted(setting(index), type);
  }

  /// The name of a column of the key. With the alias, as a bare name behind ORDER BY means a column
  /// of the result first.
  static String name(Field field) {
    return ALIAS + "." + Quote.name(field.name());
  }

  /// The message.
  String said() {
    return fields.stream()
        .map(field -> field.name() + " (" + field.sourceType() + ")")
        .collect(Collectors.joining(", "));
  }

  /// The names and types, as a position has them. Quoted, so that two keys are never written alike;
  /// with the types, since a value of one type is another value, or in another place, as one of
  /// another type.
  String names() {
    return fields.stream()
        .map(field -> Quote.name(field.name()) + " " + field.sourceType())
        .collect(Collectors.joining(", "));
  }

  /// How the key is ordered, as a position has it.
  String order() {
    return orders.stream().map(KeyOrder::said).collect(Collectors.joining(", "));
  }
}
