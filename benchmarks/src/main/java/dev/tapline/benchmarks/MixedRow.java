package dev.tapline.benchmarks;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;

/// The values of [SampleTable#MIXED], as its SQL makes them.
final class MixedRow {
  private static final long MICROS_OF_2024 = 757_382_400_000_000L;
  private static final int DAY_OF_2020 =
      (int) (LocalDate.of(2020, 1, 1).toEpochDay() - LocalDate.of(2000, 1, 1).toEpochDay());

  private MixedRow() {}

  static void write(CopyRow row, long number) throws IOException {
    boolean present = number % 5 > 0;
    byte[] digest = md5(Long.toString(number));
    row.begin(15);
    row.bigint(number);
    row.integerOrNull(present, (int) (number * 7919 % 1_000_000));
    row.numeric(BigDecimal.valueOf(number * 104_729 % 10_000_000, 2));
    row.float8OrNull(present, 1 + (number * 6_700_417 % 1_000_003) / 1000.003);
    row.bool(number % 2 == 0);
    row.text((number % 16 == 0 ? "Zoë \"Z\" " : "name ") + number);
    row.text(HexFormat.of().formatHex(digest).repeat(10).substring(0, 300));
    row.bigint(MICROS_OF_2024 + number * 1_000_001);
    row.integerOrNull(present, DAY_OF_2020 + (int) (number % 2000));
    row.bytes(digest);
    row.jsonb("{\"a\": %1$d, \"b\": \"text %1$d\", \"c\": [1, 2, %1$d]}".formatted(number));
    if (present) {
      row.texts("x" + number, "y", "z");
      row.bytes(digest);
    } else {
      row.absent();
      row.absent();
    }
    row.integer((int) (number * 31 % 100));
    if (present) {
      row.text("short" + number % 100);
    } else {
      row.absent();
    }
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
