package dev.tapline.source.postgres.codec.text;

import dev.tapline.source.postgres.codec.FieldDecoder;
import java.io.IOException;

/// Parses digits.
final class Digits {
  private Digits() {}

  static int digit(byte[] text, int position) throws IOException {
    int digit = text[position] - '0';
    if (digit < 0 || digit > 9) {
      throw FieldDecoder.malformed("a digit was expected");
    }
    return digit;
  }

  static int twoDigits(byte[] text, int position) throws IOException {
    return digit(text, position) * 10 + digit(text, position + 1);
  }

  static int hex(byte[] text, int position) throws IOException {
    int digit = Character.digit(text[position], 16);
    if (digit < 0) {
      throw FieldDecoder.malformed("a hexadecimal digit was expected");
    }
    return digit;
  }

  static boolean is(String word, byte[] text, int offset, int length) {
    if (word.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text[offset + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
