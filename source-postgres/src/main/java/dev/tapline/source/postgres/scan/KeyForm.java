package dev.tapline.source.postgres.scan;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The replication key of a stream, in SQL and in positions.
///
/// Values of the key go to the server as parameters, into settings of the transaction ([#setting]),
/// because COPY takes no parameters itself: nothing that came out of a table is ever part of a
/// statement. Row comparison (`(a, b) >= (x, y)`) is what an index on the key serves (manual, "Row
/// and Array Comparisons").
///
/// @param fields the key's fields, at least one
/// @param lookback as [Stream#lookback()]
record KeyForm(List<Field> fields, String lookback) {
  /// The setting that holds the lookback.
  static final String LOOKBACK = "tapline.lookback";

  /// What the conditions call the table.
  static final String ALIAS = "keyed";

  private static final String KEYS = "keys";
  private static final String VALUE = "key.";
  private static final String ROWS = "rows";
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h|d)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

  /// Copies the list.
  KeyForm {
    fields = List.copyOf(fields);
  }

  static KeyForm of(Stream stream) {
    return new KeyForm(
        stream.replicationKey().stream()
            .map(name -> stream.schema().fields().get(stream.schema().indexOf(name)))
            .toList(),
        stream.lookback());
  }

  /// Why a stream cannot be read by its key, or nothing.
  static String problem(Stream stream) {
    if (stream.replicationKey().isEmpty()) {
      return "it has no replication key; add 'replication-key: [column]' to its entry in streams";
    }
    for (String name : stream.replicationKey()) {
      if (stream.schema().indexOf(name) < 0) {
        return "its replication key '" + name + "' is not among its columns";
      }
      Field field = stream.schema().fields().get(stream.schema().indexOf(name));
      if (!isOrdered(field.type(), field.sourceType())) {
        return "its replication key '%s' is of type %s, which has no order to go by; take a column of times or numbers"
            .formatted(name, field.sourceType());
      }
    }
    return of(stream).lookbackProblem();
  }

  private static boolean isOrdered(DataType type, String sourceType) {
    return switch (type) {
      case DataType.ListOf list ->
          isOrdered(list.element(), sourceType.replaceAll("(\\[\\])+$", ""));
      case DataType.Scalar.JSON -> sourceType.equals("jsonb");
      case DataType.Scalar.OPAQUE ->
          !sourceType.matches("xml|point|line|lseg|box|path|polygon|circle|xid|cid|aclitem");
      default -> true;
    };
  }

  private String lookbackProblem() {
    if (lookback.isEmpty()) {
      return "";
    }
    Field first = fields.getFirst();
    if (isTime()) {
      return SPAN.matcher(lookback).matches()
          ? ""
          : "its lookback '%s' is not a span of time such as 30s, 10m or 2h, as '%s' of type %s needs"
              .formatted(lookback, first.name(), first.sourceType());
    }
    if (isNumber()) {
      return NUMBER.matcher(lookback).matches()
          ? ""
          : "its lookback '%s' is not a whole number, as '%s' of type %s needs"
              .formatted(lookback, first.name(), first.sourceType());
    }
    return "a lookback needs a replication key of times or numbers, and '%s' is of type %s"
        .formatted(first.name(), first.sourceType());
  }

  private boolean isTime() {
    return switch (fields.getFirst().type()) {
      case DataType.Scalar.DATE, DataType.Scalar.TIMESTAMP, DataType.Scalar.TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  private boolean isNumber() {
    return switch (fields.getFirst().type()) {
      case DataType.Scalar.INT16, DataType.Scalar.INT32, DataType.Scalar.INT64 -> true;
      case DataType.Decimal decimal -> true;
      default -> false;
    };
  }

  /// How far behind the last key rows must be remembered, in the unit of [#hidden()]'s rank.
  double reach() {
    if (lookback.isEmpty()) {
      return 0;
    }
    Matcher span = SPAN.matcher(lookback);
    if (!span.matches()) {
      return Double.parseDouble(lookback) + 1;
    }
    double amount = Double.parseDouble(span.group(1));
    double seconds =
        switch (span.group(2)) {
          case "ms" -> amount / 1000;
          case "s" -> amount;
          case "m" -> amount * 60;
          case "h" -> amount * 3600;
          default -> amount * 86_400;
        };
    // A day more than a day for a DATE: the server rounds down to whole days.
    return fields.getFirst().type() == DataType.Scalar.DATE ? seconds + 86_400 : seconds + 1;
  }

  /// What each row has behind its columns: the key's values as text; then a number that orders the
  /// first of them, if there is a lookback, or else one that equal keys share, if these may differ
  /// as text.
  List<String> hidden() {
    List<String> hidden = new ArrayList<>();
    fields.forEach(field -> hidden.add(name(field) + "::pg_catalog.text"));
    if (!lookback.isEmpty()) {
      String rank =
          isTime()
              ? "pg_catalog.date_part('epoch', " + name(fields.getFirst()) + ")"
              : name(fields.getFirst());
      hidden.add(rank + "::pg_catalog.float8::pg_catalog.text");
    } else if (isAmbiguous()) {
      hidden.add("(pg_catalog.dense_rank() OVER (ORDER BY " + ascending() + "))::pg_catalog.text");
    }
    return hidden;
  }

  /// Whether values that are equal may be written differently, as the numerics 2 and 2.00 are, or
  /// texts under a collation that is not deterministic (manual, "Collation Support").
  boolean isAmbiguous() {
    return fields.stream()
        .anyMatch(field ->
            switch (field.type()) {
              case DataType.Scalar.INT16,
                  DataType.Scalar.INT32,
                  DataType.Scalar.INT64,
                  DataType.Scalar.BOOLEAN,
                  DataType.Scalar.BYTES,
                  DataType.Scalar.DATE,
                  DataType.Scalar.TIMESTAMP,
                  DataType.Scalar.TIMESTAMP_TZ,
                  DataType.Scalar.UUID ->
                  false;
              default -> true;
            });
  }

  /// The columns by which [#beyond()] goes: with a lookback, only the first.
  String compared() {
    return lookback.isEmpty() ? ascending() : name(fields.getFirst());
  }

  /// The condition that a row lies at or beyond a position that has values.
  String beyond() {
    int count = lookback.isEmpty() ? fields.size() : 1;
    return beyond(
        IntStream.range(0, count).mapToObj(this::value).collect(Collectors.joining(", ")));
  }

  /// The same for values that stand in the statement.
  ///
  /// @param values of what is [#compared()], or a query for one row of them
  String beyond(String values) {
    if (lookback.isEmpty()) {
      return "(%s) >= (%s)".formatted(compared(), values);
    }
    String step =
        "pg_catalog.current_setting('%s')::pg_catalog.%s"
            .formatted(LOOKBACK, isTime() ? "interval" : "numeric");
    return "%s >= ((%s) - %s)::%s"
        .formatted(compared(), values, step, fields.getFirst().sourceType());
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
    return " AND " + name(field) + "::pg_catalog.text <> ALL ('{NaN,Infinity}')";
  }

  String ascending() {
    return fields.stream().map(KeyForm::name).collect(Collectors.joining(", "));
  }

  String descending() {
    return fields.stream().map(field -> name(field) + " DESC").collect(Collectors.joining(", "));
  }

  /// The setting that holds a value of the key.
  static String setting(int index) {
    return "tapline.key" + index;
  }

  private String value(int index) {
    return "pg_catalog.current_setting('%s')::%s"
        .formatted(setting(index), fields.get(index).sourceType());
  }

  // With the alias, as a bare name behind ORDER BY means a column of the result first.
  private static String name(Field field) {
    return ALIAS + "." + Quote.name(field.name());
  }

  /// Whether a position is one of this key.
  boolean isOwn(Position position) {
    return names().equals(position.entries().get(KEYS));
  }

  /// The values that a position holds, in the order of the key; empty when there was no row yet.
  List<String> values(Position position) {
    List<String> values = new ArrayList<>();
    for (Field field : fields) {
      String value = position.entries().get(VALUE + field.name());
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == fields.size() ? values : List.of();
  }

  /// The rows that a position remembers.
  static String rows(Position position) {
    return position.entries().getOrDefault(ROWS, "");
  }

  /// @param values the key's values, or none
  /// @param rows what is remembered of the rows there
  Position position(List<String> values, String rows) {
    SortedMap<String, String> entries = new TreeMap<>();
    entries.put(KEYS, names());
    for (int i = 0; i < values.size(); i++) {
      entries.put(VALUE + fields.get(i).name(), values.get(i));
    }
    if (!rows.isEmpty()) {
      entries.put(ROWS, rows);
    }
    return new Position(entries);
  }

  /// What people are told.
  String said() {
    return fields.stream()
        .map(field -> field.name() + " (" + field.sourceType() + ")")
        .collect(Collectors.joining(", "));
  }

  // Quoted, so that two keys are never written alike; with the types, since a value of one type is
  // another value, or in another place, as one of another type.
  private String names() {
    return fields.stream()
        .map(field -> Quote.name(field.name()) + " " + field.sourceType())
        .collect(Collectors.joining(", "));
  }
}
