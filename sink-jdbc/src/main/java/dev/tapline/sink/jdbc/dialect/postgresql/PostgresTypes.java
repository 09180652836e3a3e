package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.util.Set;
import java.util.regex.Pattern;

/// The types of columns in PostgreSQL: the source type if every server has it, else one that can
/// hold its values.
final class PostgresTypes {
  private static final String TEXT = "text";

  // Types that each server has, whose text means the same on each.
  private static final Set<String> KNOWN =
      Set.of(
          "interval",
          "time with time zone",
          "bit",
          "bit varying",
          "inet",
          "cidr",
          "macaddr",
          "point",
          "line",
          "lseg",
          "box",
          "path",
          "polygon",
          "circle",
          "tsvector",
          "tsquery",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "oid",
          "pg_lsn",
          "uuid",
          "date",
          "json",
          "jsonb",
          "bytea",
          "boolean",
          "smallint",
          "integer",
          "bigint",
          "real",
          "double precision",
          "numeric",
          "text",
          "character",
          "character varying",
          "time without time zone",
          "timestamp without time zone",
          "timestamp with time zone");
  private static final Pattern MODIFIER = Pattern.compile("\\(\\d+(,-?\\d+)?\\)");

  private PostgresTypes() {}

  static ColumnType of(Field field) {
    String source = field.sourceType();
    return switch (field.type()) {
      case Scalar scalar -> scalar(scalar, source);
      case DataType.Decimal decimal ->
          ColumnType.of(
              source.startsWith("numeric") && isKnown(source) ? source : decimal(decimal),
              ParameterType.DECIMAL);
      case DataType.Enumeration words -> ColumnType.text(TEXT);
      case DataType.ListOf list -> ColumnType.text(list(list, source));
    };
  }

  private static ColumnType scalar(Scalar scalar, String source) {
    return switch (scalar) {
      case BOOLEAN -> ColumnType.of("boolean", ParameterType.BOOLEAN);
      case INT16 -> ColumnType.of("smallint", ParameterType.LONG);
      case INT32 -> ColumnType.of("integer", ParameterType.LONG);
      case INT64 -> ColumnType.of("bigint", ParameterType.LONG);
      case FLOAT32 -> ColumnType.of("real", ParameterType.FLOAT);
      case FLOAT64 -> ColumnType.of("double precision", ParameterType.DOUBLE);
      case DATE -> ColumnType.of("date", ParameterType.DATE);
      case TIME -> ColumnType.of("time without time zone", ParameterType.TIME);
      case TIMESTAMP -> ColumnType.of("timestamp without time zone", ParameterType.TIMESTAMP);
      case TIMESTAMP_TZ -> ColumnType.of("timestamp with time zone", ParameterType.TIMESTAMP_TZ);
      case TEXT ->
          ColumnType.text(source.startsWith("character") && isKnown(source) ? source : TEXT);
      case JSON -> ColumnType.text(source.equals("jsonb") ? "jsonb" : "json");
      case BYTES -> ColumnType.of("bytea", ParameterType.BYTES);
      case UUID -> ColumnType.of("uuid", ParameterType.UUID);
      case OPAQUE -> ColumnType.text(isKnown(source) ? source : TEXT);
    };
  }

  private static String decimal(DataType.Decimal decimal) {
    return decimal.precision() > 0 && decimal.scale() >= 0
        ? "numeric(" + decimal.precision() + "," + decimal.scale() + ")"
        : "numeric";
  }

  private static String list(DataType.ListOf list, String source) {
    if (source.endsWith("[]") && isKnown(source.substring(0, source.length() - 2))) {
      return source;
    }
    return list.element() == Scalar.OPAQUE || list.element() instanceof DataType.Enumeration
        ? "text[]"
        : of(Field.of("", list.element(), "")).sql() + "[]";
  }

  private static boolean isKnown(String source) {
    return KNOWN.contains(MODIFIER.matcher(source).replaceAll(""));
  }
}
