package dev.tapline.source.postgres.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the bytes of a database's texts mean where the server does not convert them.
///
/// `SQL_ASCII` means that the server never checked: such texts are read as UTF-8, which is also
/// what the server assumes when it converts them. Of the other encodings, only single-byte ones are
/// supported, since their tables and those of the server agree byte by byte (`EncodingTest`).
/// Immutable.
public final class Encoding {
  /// What every text is in that the server converts.
  public static final Encoding UTF8 = new Encoding("UTF8", null);

  private static final String UNCHECKED = "SQL_ASCII";
  private static final int BYTES = 256;

  /// Stands for a byte that is no character: no text in UTF-8 has it.
  private static final byte NONE = (byte) 0xff;

  // The server's names, and Java's.
  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("LATIN1", "ISO-8859-1"),
          Map.entry("LATIN2", "ISO-8859-2"),
          Map.entry("LATIN3", "ISO-8859-3"),
          Map.entry("LATIN4", "ISO-8859-4"),
          Map.entry("LATIN5", "ISO-8859-9"),
          Map.entry("LATIN7", "ISO-8859-13"),
          Map.entry("LATIN9", "ISO-8859-15"),
          Map.entry("LATIN10", "ISO-8859-16"),
          Map.entry("ISO_8859_5", "ISO-8859-5"),
          Map.entry("ISO_8859_6", "ISO-8859-6"),
          Map.entry("ISO_8859_7", "ISO-8859-7"),
          Map.entry("ISO_8859_8", "ISO-8859-8"),
          Map.entry("KOI8R", "KOI8-R"),
          Map.entry("KOI8U", "KOI8-U"),
          Map.entry("WIN866", "IBM866"),
          Map.entry("WIN874", "x-windows-874"),
          Map.entry("WIN1250", "windows-1250"),
          Map.entry("WIN1251", "windows-1251"),
          Map.entry("WIN1252", "windows-1252"),
          Map.entry("WIN1253", "windows-1253"),
          Map.entry("WIN1254", "windows-1254"),
          Map.entry("WIN1255", "windows-1255"),
          Map.entry("WIN1256", "windows-1256"),
          Map.entry("WIN1257", "windows-1257"),
          Map.entry("WIN1258", "windows-1258"));

  private final String name;
  private final byte @Nullable [][] table;
  private final boolean complete;

  private Encoding(String name, byte @Nullable [][] table) {
    this.name = name;
    this.table = table;
    this.complete =
        table != null && Arrays.stream(table).noneMatch(it -> it.length == 1 && it[0] == NONE);
  }

  /// The encoding of a server's name, unless it is one that only the server knows.
  ///
  /// @param name as `getdatabaseencoding()` has it
  public static Optional<Encoding> of(String name) {
    if (name.equals(UTF8.name)) {
      return Optional.of(UTF8);
    }
    if (name.equals(UNCHECKED)) {
      return Optional.of(new Encoding(name, null));
    }
    @Nullable String charset = CHARSETS.get(name);
    return charset != null && Charset.isSupported(charset)
        ? Optional.of(new Encoding(name, table(Charset.forName(charset))))
        : Optional.empty();
  }

  private static byte[][] table(Charset charset) {
    byte[][] table = new byte[BYTES][];
    for (int i = 0; i < BYTES; i++) {
      CharBuffer character = CharBuffer.allocate(1);
      boolean known =
          !charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(new byte[] {(byte) i}), character, true)
              .isError();
      table[i] =
          known && character.position() == 1
              ? character.flip().toString().getBytes(StandardCharsets.UTF_8)
              : new byte[] {NONE};
    }
    return table;
  }

  /// The server's name of it.
  public String name() {
    return name;
  }

  /// Whether texts may hold bytes that are no characters, though the server has let them in.
  public boolean mayHoldStrayBytes() {
    return !complete && !name.equals(UTF8.name);
  }

  /// Whether texts are UTF-8 as they stand, but for stray bytes.
  public boolean isUtf8AsItStands() {
    return table == null;
  }

  /// A text in UTF-8, in which a stray byte is one that no text in UTF-8 has.
  ///
  /// @return the array itself, if there is nothing to convert in all of it
  public byte[] toUtf8(byte[] bytes, int offset, int length) {
    byte[][] characters = table;
    if (characters == null) {
      return cut(bytes, offset, length);
    }
    int size = 0;
    for (int i = offset; i < offset + length; i++) {
      size += characters[bytes[i] & 0xff].length;
    }
    boolean plain = size == length && isAscii(bytes, offset, length);
    if (plain) {
      return cut(bytes, offset, length);
    }
    byte[] converted = new byte[size];
    int at = 0;
    for (int i = offset; i < offset + length; i++) {
      for (byte each : characters[bytes[i] & 0xff]) {
        converted[at++] = each;
      }
    }
    return converted;
  }

  private static byte[] cut(byte[] bytes, int offset, int length) {
    return offset == 0 && length == bytes.length
        ? bytes
        : Arrays.copyOfRange(bytes, offset, offset + length);
  }

  private static boolean isAscii(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /// The text, with U+FFFD for each stray byte, by which [#isStray] knows it.
  public String text(byte[] bytes) {
    return new String(toUtf8(bytes, 0, bytes.length), StandardCharsets.UTF_8);
  }

  /// Whether [#text] has met a stray byte.
  public static boolean isStray(String text) {
    return text.indexOf('\ufffd') >= 0;
  }

  /// Where the first stray byte of a text in UTF-8 stands, or -1.
  public static int stray(byte[] bytes, int offset, int length) {
    if (isAscii(bytes, offset, length)) {
      return -1;
    }
    ByteBuffer input = ByteBuffer.wrap(bytes, offset, length);
    CharBuffer output = CharBuffer.allocate(length);
    boolean sound =
        !StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(input, output, true)
            .isError();
    return sound ? -1 : input.position() - offset;
  }
}
