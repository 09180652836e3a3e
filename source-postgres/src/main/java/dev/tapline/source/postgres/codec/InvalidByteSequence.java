package dev.tapline.source.postgres.codec;

/// Describes a value that holds bytes that are not characters, and how to correct it.
public final class InvalidByteSequence {
  private InvalidByteSequence() {}

  /// What is wrong, and a statement.
  ///
  /// @param encoding the database's
  /// @param text the value as [Encoding#toUtf8] gives it, with a stray byte
  /// @param table the table, quoted
  /// @param column the column, quoted, if it is of a text type
  /// @param row a condition that the row meets, or nothing if that cannot be said
  public static String complaint(
      Encoding encoding, byte[] text, String table, String column, String row) {
    return "%s%s; correct it%s"
        .formatted(
            row.isEmpty() ? "" : "in the row with " + row + ", ",
            stray(encoding, text),
            encoding.isUtf8AsItStands() && !column.isEmpty()
                ? ", if it is LATIN1 by UPDATE %s SET %s = convert_from(convert(convert_to(%s, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') WHERE %s;"
                    .formatted(table, column, column, row.isEmpty() ? "..." : row)
                : " in the table");
  }

  private static String stray(Encoding encoding, byte[] text) {
    int at = Encoding.stray(text, 0, text.length);
    return encoding.isUtf8AsItStands()
        ? "byte 0x%02x at place %d is no character in UTF8, as which the texts of a database in %s are read"
            .formatted(text[at] & 0xff, at + 1, encoding.name())
        : "there is a byte that is no character in %s".formatted(encoding.name());
  }
}
