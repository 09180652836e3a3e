package dev.tapline.sink.jsonl.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.catalog.Temporals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Compares the hand-written text forms with the JDK's and Jackson's, for edge cases and random
/// values.
final class TextEncodersTest {
  private static final JsonMapper JACKSON = JsonMapper.builder().build();
  private static final DateTimeFormatter SIX_DIGITS =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
          .toFormatter();

  private final Random random = new Random(20261120);

  @Test
  void writesLongsAsTheJdkDoes() {
    for (long edge = 1; edge > 0 && edge < Long.MAX_VALUE / 10; edge *= 10) {
      for (long value : new long[] {edge - 1, edge, edge + 1, -edge, 1 - edge}) {
        assertThat(digits(value)).isEqualTo(Long.toString(value));
      }
    }
    for (long value : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE}) {
      assertThat(digits(value)).isEqualTo(Long.toString(value));
    }
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertThat(digits(value)).isEqualTo(Long.toString(value));
    }
  }

  @Test
  void writesDecimalsAsTheJdkDoes() {
    byte[] to = new byte[64];
    for (int i = 0; i < 100_000; i++) {
      int scale = random.nextInt(19);
      long unscaled = (random.nextLong() >> random.nextInt(64)) % 1_000_000_000_000_000_000L;
      int end = NumberText.writeDecimal(to, 3, unscaled, scale);
      assertThat(ascii(to, 3, end)).isEqualTo(BigDecimal.valueOf(unscaled, scale).toPlainString());
    }
  }

  @Test
  void writesDatesAsTheJdkDoes() {
    byte[] to = new byte[64];
    for (int i = 0; i < 200_000; i++) {
      long day = i < 100_000 ? i * 37L - 2_440_588 : random.nextInt(2_145_031_949) - 2_440_588L;
      int end = TemporalText.writeDate(to, 1, day);
      LocalDate date = LocalDate.ofEpochDay(day);
      assertThat(LocalDate.parse(ascii(to, 1, end))).isEqualTo(date);
      assertThat(ascii(to, 1, end)).isEqualTo(date.toString());
    }
  }

  @Test
  void writesTimestampsAsTheJdkDoes() {
    byte[] to = new byte[64];
    for (int i = 0; i < 100_000; i++) {
      long micros =
          i % 2 == 0
              ? random.nextLong(-211_813_488_000_000_000L, 9_223_371_331_200_000_000L)
              : random.nextLong(-1_000_000_000_000_000L, 1_000_000_000_000_000L);
      int end = TemporalText.writeTimestamp(to, 0, micros);
      LocalDateTime dateTime = Temporals.dateTime(micros);
      assertThat(ascii(to, 0, end))
          .isEqualTo(dateTime.toLocalDate() + "T" + SIX_DIGITS.format(dateTime.toLocalTime()));
    }
  }

  @Test
  void writesTimesAsTheJdkDoes() {
    byte[] to = new byte[64];
    for (int i = 0; i < 100_000; i++) {
      long micros = random.nextLong(86_400_000_000L);
      int end = TemporalText.writeTime(to, 0, micros);
      assertThat(ascii(to, 0, end))
          .isEqualTo(SIX_DIGITS.format(LocalTime.ofNanoOfDay(micros * 1000)));
    }
    int end = TemporalText.writeTime(to, 0, 86_400_000_000L);
    assertThat(ascii(to, 0, end)).isEqualTo("24:00:00.000000");
  }

  @Test
  void writesTheShortestDigitsOfDoubles() {
    double[] edges = {
      0.0,
      -0.0,
      1,
      -1,
      0.1,
      0.0001,
      0.00012,
      12.34,
      1e7,
      1e10,
      99999999999.9999,
      1e11,
      5e-324,
      Double.MAX_VALUE,
      Double.MIN_NORMAL,
      9007199254740993.0,
      0.30000000000000004
    };
    for (double edge : edges) {
      assertShortest(edge);
    }
    for (int i = 0; i < 200_000; i++) {
      assertShortest(
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt() / 10_000.0;
            case 2 -> random.nextInt() / 100.0;
            default -> random.nextDouble();
          });
    }
  }

  @Test
  void writesTheShortestDigitsOfFloats() {
    byte[] to = new byte[64];
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      String text = ascii(to, 0, FloatText.writeFloat(to, 0, value));
      assertThat(text)
          .isEqualTo(Float.isFinite(value) ? Float.toString(value) : "\"" + value + "\"");
    }
  }

  @Test
  void writesWhatIsNoNumberAsAString() {
    byte[] to = new byte[64];
    assertThat(ascii(to, 0, FloatText.writeDouble(to, 0, Double.NaN))).isEqualTo("\"NaN\"");
    assertThat(ascii(to, 0, FloatText.writeDouble(to, 0, Double.POSITIVE_INFINITY)))
        .isEqualTo("\"Infinity\"");
    assertThat(ascii(to, 0, FloatText.writeDouble(to, 0, Double.NEGATIVE_INFINITY)))
        .isEqualTo("\"-Infinity\"");
  }

  @Test
  void writesStringsThatJacksonReadsAsTheyWere() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      String text = randomText(random.nextInt(i % 100 == 0 ? 20_000 : 40));
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      int before = random.nextInt(5);
      byte[] source = new byte[before + utf8.length + random.nextInt(10)];
      Arrays.fill(source, (byte) '"'); // what stands around the value must not matter
      System.arraycopy(utf8, 0, source, before, utf8.length);
      String json = written(out -> JsonText.writeString(source, before, before + utf8.length, out));
      assertThat(JACKSON.readValue(json, String.class)).isEqualTo(text);
      assertThat(json).doesNotContain("\n", "\r");
      assertThat(JsonText.quote(text)).isEqualTo(json);
    }
  }

  @Test
  void escapesOnlyWhatMustBe() {
    assertThat(JsonText.quote("a\u2028ü/\u007f\"\\\u0000\u001f\b\f\n\r\t"))
        .isEqualTo("\"a\u2028ü/\u007f\\\"\\\\\\u0000\\u001f\\b\\f\\n\\r\\t\"");
  }

  @Test
  void putsDocumentsOnOneLineAndChangesNothingElse() throws IOException {
    String document = "{\n  \"a\" : [1.0,\t1e400 ],\r\n \"a\":\"x\\n\\u2028 ü\"}";
    byte[] source = document.getBytes(StandardCharsets.UTF_8);
    assertThat(written(out -> JsonText.writeDocument(source, 0, source.length, out)))
        .isEqualTo(document.replace('\n', ' ').replace('\r', ' ').replace('\t', ' '));
  }

  @Test
  void writesBase64AsTheJdkDoes() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(i % 50 == 0 ? 50_000 : 20)];
      random.nextBytes(bytes);
      assertThat(written(out -> BinaryText.writeBase64(bytes, 0, bytes.length, out)))
          .isEqualTo('"' + Base64.getEncoder().encodeToString(bytes) + '"');
    }
  }

  @Test
  void writesUuidsAsTheJdkDoes() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      UUID uuid = new UUID(random.nextLong(), random.nextLong());
      byte[] bytes =
          ByteBuffer.allocate(16)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array();
      assertThat(written(out -> BinaryText.writeUuid(bytes, 0, out)))
          .isEqualTo('"' + uuid.toString() + '"');
    }
  }

  private static void assertShortest(double value) {
    byte[] to = new byte[64];
    String text = ascii(to, 0, FloatText.writeDouble(to, 0, value));
    if (!Double.isFinite(value)) {
      assertThat(text).isEqualTo("\"" + value + "\"");
      return;
    }
    assertThat(Double.doubleToLongBits(Double.parseDouble(text)))
        .as(text)
        .isEqualTo(Double.doubleToLongBits(value));
    // The same digits, be they written with an exponent or without.
    assertThat(new BigDecimal(text)).isEqualByComparingTo(new BigDecimal(Double.toString(value)));
  }

  private String randomText(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(12)) {
        case 0 -> text.append((char) random.nextInt(32));
        case 1 -> text.append('"');
        case 2 -> text.append('\\');
        case 3 -> text.appendCodePoint(0x1F600 + random.nextInt(40));
        case 4 -> text.append((char) (0x80 + random.nextInt(0x3000)));
        default -> text.append((char) (32 + random.nextInt(96)));
      }
    }
    return text.toString();
  }

  private interface Writing {
    void to(JsonBuffer out) throws IOException;
  }

  // A small buffer, so that values go through it in pieces.
  private static String written(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonBuffer out = new JsonBuffer(bytes::write, 64);
    writing.to(out);
    out.drain();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String digits(long value) {
    byte[] to = new byte[32];
    return ascii(to, 1, NumberText.write(to, 1, value));
  }

  private static String ascii(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
  }
}
