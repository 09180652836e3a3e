package dev.tapline.source.postgres.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LATIN1", "LATIN2", "LATIN3", "LATIN4", "LATIN5", "LATIN7", "LATIN9", "LATIN10",
        "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8", "KOI8R", "KOI8U", "WIN866",
            "WIN874",
        "WIN1250", "WIN1251", "WIN1252", "WIN1253", "WIN1254", "WIN1255", "WIN1256", "WIN1257",
        "WIN1258"
      })
  void everyByteMeansWhatTheServerTakesItFor(String name) throws Exception {
    Encoding encoding = Encoding.of(name).orElseThrow();
    StringBuilder differences = new StringBuilder();
    try (Connection connection = SharedServer.get().connect();
        PreparedStatement convert =
            connection.prepareStatement("SELECT convert(?, '%s', 'UTF8')".formatted(name))) {
      for (int i = 1; i < 256; i++) {
        byte[] stored = {(byte) i};
        String there = server(convert, stored);
        String text = encoding.text(stored);
        String here = Encoding.isStray(text) ? "none" : text;
        if (!here.equals(there)) {
          differences.append("%02x: server %s, here %s%n".formatted(i, there, here));
        }
      }
    }
    assertThat(differences.toString()).isEmpty();
  }

  private static String server(PreparedStatement convert, byte[] stored) throws SQLException {
    convert.setBytes(1, stored);
    try (ResultSet row = convert.executeQuery()) {
      row.next();
      return new String(row.getBytes(1), UTF_8);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("22P05");
      return "none";
    }
  }

  @Test
  void encodingsOfSeveralBytesAreLeftToTheServer() {
    assertThat(Encoding.of("EUC_JP")).isEmpty();
    assertThat(Encoding.of("MULE_INTERNAL")).isEmpty();
  }

  @Test
  void aStrayByteIsNamedWithItsPlace() {
    Encoding unchecked = Encoding.of("SQL_ASCII").orElseThrow();
    byte[] sound = "süß".getBytes(UTF_8);
    assertThat(Encoding.stray(sound, 0, sound.length)).isEqualTo(-1);
    byte[] stray = {'c', 'a', 'f', (byte) 0xe9, ' '};
    assertThat(InvalidByteSequence.complaint(unchecked, stray, "\"t\"", "\"c\"", "id = 1"))
        .contains("0xe9 at place 4", "UTF8", "UPDATE \"t\"", "WHERE id = 1;");
    byte[] cut = {'a', (byte) 0xc3};
    assertThat(Encoding.stray(cut, 0, cut.length)).isEqualTo(1);
    Encoding windows = Encoding.of("WIN1252").orElseThrow();
    assertThat(windows.text(new byte[] {(byte) 0x80, 'a'})).isEqualTo("€a");
    assertThat(Encoding.isStray(windows.text(new byte[] {(byte) 0x81}))).isTrue();
  }
}
