package dev.tapline.source.postgres.incremental;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which types a replication key can have, and what each is good for.
final class KeyTypes {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h|d)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

  private KeyTypes() {}

  /// The fields of a stream's key.
  static List<Field> fields(Stream stream) {
    return stream.replicationKey().stream()
        .map(name -> stream.schema().fields().get(stream.schema().indexOf(name)))
        .toList();
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
        return noOrder(field);
      }
    }
    return lookbackProblem(fields(stream).getFirst(), stream.lookback());
  }

  /// What is said of a column whose type has no order.
  static String noOrder(Field field) {
    return "its replication key '%s' is of type %s, which has no order to go by; take a column of times or numbers"
        .formatted(field.name(), field.sourceType());
  }

  /// Why new rows need not have higher keys than old ones, by the type of a column alone; nothing
  /// where its values usually grow.
  static String doubt(Field field) {
    if (grows(field)) {
      return "";
    }
    return "its replication key '%s' is of type %s, whose values do not grow: rows whose key is below the position never come; take a column of times or a growing number"
        .formatted(field.name(), field.sourceType());
  }

  /// Whether a column's values say when, or where in a log: of such columns none is an amount.
  static boolean isPlace(Field field) {
    return isTime(field)
        || (field.type() == DataType.Scalar.OPAQUE && field.sourceType().matches("pg_lsn|xid8"));
  }

  private static boolean grows(Field field) {
    return switch (field.type()) {
      case DataType.Scalar.INT16,
          DataType.Scalar.INT32,
          DataType.Scalar.INT64,
          DataType.Scalar.FLOAT32,
          DataType.Scalar.FLOAT64,
          DataType.Scalar.DATE,
          DataType.Scalar.TIMESTAMP,
          DataType.Scalar.TIMESTAMP_TZ ->
          true;
      case DataType.Decimal decimal -> true;
      case DataType.Scalar.OPAQUE -> field.sourceType().matches("pg_lsn|xid8");
      default -> false;
    };
  }

  static boolean isUuid(Field field) {
    return field.type() == DataType.Scalar.UUID;
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

  /// Whether values that are equal may be written differently.
  static boolean isAmbiguous(Field field) {
    return switch (field.type()) {
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
    };
  }

  private static String lookbackProblem(Field first, String lookback) {
    if (lookback.isEmpty()) {
      return "";
    }
    if (isTime(first)) {
      return SPAN.matcher(lookback).matches()
          ? ""
          : "its lookback '%s' is not a span of time such as 30s, 10m or 2h, as '%s' of type %s needs"
              .formatted(lookback, first.name(), first.sourceType());
    }
    if (isNumber(first)) {
      return NUMBER.matcher(lookback).matches()
          ? ""
          : "its lookback '%s' is not a whole number, as '%s' of type %s needs"
              .formatted(lookback, first.name(), first.sourceType());
    }
    return "a lookback needs a replication key of times or numbers, and '%s' is of type %s"
        .formatted(first.name(), first.sourceType());
  }

  static boolean isTime(Field field) {
    return switch (field.type()) {
      case DataType.Scalar.DATE, DataType.Scalar.TIMESTAMP, DataType.Scalar.TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  private static boolean isNumber(Field field) {
    return switch (field.type()) {
      case DataType.Scalar.INT16, DataType.Scalar.INT32, DataType.Scalar.INT64 -> true;
      case DataType.Decimal decimal -> true;
      default -> false;
    };
  }

  /// The lowest number of a type, behind a comma; nothing for other types.
  static String lowest(String type) {
    return switch (type) {
      case "\"pg_catalog\".\"int2\"" -> ", -32768";
      case "\"pg_catalog\".\"int4\"" -> ", -2147483648";
      case "\"pg_catalog\".\"int8\"" -> ", -9223372036854775808";
      case "\"pg_catalog\".\"oid\"" -> ", 0";
      default -> "";
    };
  }

  /// How far behind the last key rows must be remembered: seconds, or a number; 0 without a
  /// lookback.
  static double reach(Field first, String lookback) {
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
    return first.type() == DataType.Scalar.DATE ? seconds + 86_400 : seconds + 1;
  }
}
