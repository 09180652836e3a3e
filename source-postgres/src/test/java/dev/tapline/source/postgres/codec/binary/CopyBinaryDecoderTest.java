package dev.tapline.source.postgres.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyBinaryDecoderTest {
  private final Batch batch = batch(DataType.Scalar.INT32, DataType.Scalar.TEXT);
  private final CopyBinaryDecoder decoder =
      new CopyBinaryDecoder(batch, List.of(WireFormat.INT4, WireFormat.RAW));

  private static Batch batch(DataType... types) {
    List<Field> fields =
        Arrays.stream(types)
            .map(type -> Field.of("f" + Arrays.asList(types).indexOf(type), type, ""))
            .toList();
    return new Batch(new StreamName("d", "s", "t"), new Schema(fields, List.of()), 2);
  }

  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] message(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void header(DataOutputStream out) throws IOException {
    out.write(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0});
    out.writeInt(0);
    out.writeInt(3);
    out.write(new byte[] {1, 2, 3});
  }

  private static void row(DataOutputStream out, int number, String text) throws IOException {
    out.writeShort(2);
    out.writeInt(4);
    out.writeInt(number);
    if (text == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(text.length());
      out.writeBytes(text);
    }
  }

  private void rowsAreThere() {
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.row(0).integer("f0")).isEqualTo(-5);
    assertThat(batch.row(0).string("f1")).isEqualTo("five");
    assertThat(batch.row(1).isNull("f1")).isTrue();
    assertThat(decoder.ended()).isTrue();
  }

  @Test
  void readsSignatureRowsAndTrailerInMessagesOfTheirOwn() throws IOException {
    decoder.decode(message(CopyBinaryDecoderTest::header));
    decoder.decode(message(out -> row(out, -5, "five")));
    decoder.decode(message(out -> row(out, 6, null)));
    assertThat(decoder.ended()).isFalse();
    decoder.decode(message(out -> out.writeShort(-1)));
    rowsAreThere();
  }

  @Test
  void readsThemAllInOneMessage() throws IOException {
    decoder.decode(
        message(out -> {
          header(out);
          row(out, -5, "five");
          row(out, 6, null);
          out.writeShort(-1);
        }));
    rowsAreThere();
  }

  @Test
  void refusesDataThatIsCutAnywhere() throws IOException {
    byte[] whole =
        message(out -> {
          header(out);
          row(out, -5, "five");
        });
    int begin = message(CopyBinaryDecoderTest::header).length;
    for (int length = 0; length < whole.length; length++) {
      if (length == begin) {
        continue;
      }
      byte[] cut = Arrays.copyOf(whole, length);
      Batch target = batch(DataType.Scalar.INT32, DataType.Scalar.TEXT);
      assertThatThrownBy(() ->
              new CopyBinaryDecoder(target, List.of(WireFormat.INT4, WireFormat.RAW)).decode(cut))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesAnotherNumberOfFields() throws IOException {
    decoder.decode(message(CopyBinaryDecoderTest::header));
    assertThatThrownBy(() -> decoder.decode(message(out -> out.writeShort(3))))
        .hasMessageContaining("malformed");
  }

  @Test
  void refusesAValueOfAnotherLengthThanItsType() throws IOException {
    decoder.decode(message(CopyBinaryDecoderTest::header));
    assertThatThrownBy(() ->
            decoder.decode(
                message(out -> {
                  out.writeShort(2);
                  out.writeInt(8);
                  out.writeLong(1);
                  out.writeInt(-1);
                })))
        .hasMessageContaining("4 bytes expected, 8 came");
  }

  @Test
  void refusesANumberThatItsDecimalTypeCannotHold() throws IOException {
    Batch target = batch(new DataType.Decimal(18, 0));
    CopyBinaryDecoder decimals = new CopyBinaryDecoder(target, List.of(WireFormat.NUMERIC));
    decimals.decode(message(CopyBinaryDecoderTest::header));
    for (int[] digits : new int[][] {{100, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0}}) {
      assertThatThrownBy(
              () -> decimals.decode(message(out -> numeric(out, digits.length - 1, digits))))
          .hasMessageContaining("more digits than its type");
    }
    assertThatThrownBy(() -> decimals.decode(message(out -> numeric(out, 0, 1, 5000))))
        .hasMessageContaining("more decimal places than its type");
  }

  private static void numeric(DataOutputStream out, int weight, int... digits) throws IOException {
    out.writeShort(1);
    out.writeInt(8 + 2 * digits.length);
    out.writeShort(digits.length);
    out.writeShort(weight);
    out.writeShort(0);
    out.writeShort(0);
    for (int digit : digits) {
      out.writeShort(digit);
    }
  }
}
