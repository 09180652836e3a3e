package dev.tapline.sink.jdbc.dialect;

/// What a field becomes in a table.
///
/// @param sql the type, as `CREATE TABLE` has it
/// @param binding as what values are handed over
/// @param limit which values the type holds
public record ColumnType(String sql, Binding binding, Limit limit) {

  /// A type that holds every value.
  public static ColumnType of(String sql, Binding binding) {
    return new ColumnType(sql, binding, Limit.NONE);
  }

  /// A type for text.
  public static ColumnType text(String sql) {
    return of(sql, Binding.TEXT);
  }

  /// The same type with a limit.
  public ColumnType within(Limit values) {
    return new ColumnType(sql, binding, values);
  }
}
