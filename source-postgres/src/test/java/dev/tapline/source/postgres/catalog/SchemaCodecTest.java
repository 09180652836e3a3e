package dev.tapline.source.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaCodecTest {
  @Test
  void readsBackWhatItHasWritten() {
    List<DataType> types = new ArrayList<>(List.of(DataType.Scalar.values()));
    types.add(DataType.Decimal.UNLIMITED);
    types.add(new DataType.Decimal(3, -2));
    types.add(new DataType.Enumeration(List.of("", "a:b", "3:x", "ü\n")));
    types.add(new DataType.ListOf(new DataType.Decimal(10, 2)));
    List<Field> fields = new ArrayList<>();
    for (DataType type : types) {
      fields.add(
          new Field(fields.size() + ":\"é", type, fields.size() % 2 == 0, "1:t", "a\ncomment"));
    }
    Schema schema = new Schema(fields, List.of("3:\"é", "0:\"é"));
    assertThat(SchemaCodec.read(SchemaCodec.write(schema))).isEqualTo(schema);
  }

  @Test
  void refusesATextThatWasCut() {
    Schema schema = new Schema(List.of(Field.of("a", DataType.Scalar.TEXT, "text")), List.of("a"));
    String text = SchemaCodec.write(schema);
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThatThrownBy(() -> SchemaCodec.read(cut)).isInstanceOf(RuntimeException.class);
    }
  }
}
