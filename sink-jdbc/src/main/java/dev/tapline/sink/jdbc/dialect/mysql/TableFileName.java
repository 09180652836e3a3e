package dev.tapline.sink.jdbc.dialect.mysql;

/// The file that MariaDB and MySQL keep a table in: its name has letters, digits and `_` of ASCII
/// as they are, letters of some scripts in three bytes, and anything else in five.
final class TableFileName {
  private static final int OF_A_FILE_SYSTEM = 255;
  private static final int ENDING = 4;

  /// The most bytes of a table's name there.
  static final int LONGEST = OF_A_FILE_SYSTEM - ENDING;

  private static final int SHORT = 3;
  private static final int LONG = 5;

  // The first and the last of each range, as MariaDB 10.11's character set `filename` has them.
  private static final int[] SHORT_RANGES = {
    0x00C0, 0x00D6, 0x00D8, 0x00F6, 0x00F8, 0x012F, 0x0131, 0x01BE, 0x01C4, 0x01C4,
    0x01C6, 0x01C7, 0x01C9, 0x01CA, 0x01CC, 0x01F1, 0x01F3, 0x01F6, 0x01F8, 0x0241,
    0x0250, 0x02AF, 0x0386, 0x0386, 0x0388, 0x038A, 0x038C, 0x038C, 0x038E, 0x03A1,
    0x03A3, 0x03CE, 0x03D0, 0x03D7, 0x03D9, 0x03F3, 0x03F5, 0x03F6, 0x03F8, 0x03F8,
    0x03FB, 0x0481, 0x048A, 0x04CE, 0x04D0, 0x04F9, 0x0500, 0x050F, 0x0531, 0x0555,
    0x0561, 0x0585, 0x1E00, 0x1E9B, 0x1EA0, 0x1EF9, 0x1F00, 0x1F15, 0x1F18, 0x1F1D,
    0x1F20, 0x1F45, 0x1F48, 0x1F4D, 0x1F50, 0x1F57, 0x1F59, 0x1F59, 0x1F5B, 0x1F5B,
    0x1F5D, 0x1F5D, 0x1F5F, 0x1F7D, 0x1F80, 0x1FB4, 0x1FB6, 0x1FBC, 0x1FC2, 0x1FC4,
    0x1FC6, 0x1FCC, 0x1FD0, 0x1FD3, 0x1FD6, 0x1FDB, 0x1FE0, 0x1FEC, 0x1FF2, 0x1FF3,
    0x1FF6, 0x1FFC, 0x2160, 0x217F, 0x24B6, 0x24E9, 0xFF21, 0xFF3A, 0xFF41, 0xFF5A
  };

  private TableFileName() {}

  /// How many bytes a table's name has there.
  static int length(String table) {
    return table.chars().map(TableFileName::bytes).sum();
  }

  private static int bytes(int character) {
    if (character < 0x80) {
      return Character.isLetterOrDigit(character) || character == '_' ? 1 : LONG;
    }
    for (int i = 0; i < SHORT_RANGES.length; i += 2) {
      if (character >= SHORT_RANGES[i] && character <= SHORT_RANGES[i + 1]) {
        return SHORT;
      }
    }
    return LONG;
  }
}
