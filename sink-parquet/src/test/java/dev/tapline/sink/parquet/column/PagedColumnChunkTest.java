package dev.tapline.sink.parquet.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.parquet.compression.PageCodecs;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The memory that chunks use, and where their pages end.
final class PagedColumnChunkTest {
  private static final int PAGE = 1 << 16;
  private static final ParquetProperties PROPERTIES =
      ParquetProperties.builder().withPageSize(PAGE).withDictionaryPageSize(PAGE).build();
  private static final Type NUMBER = Types.optional(PrimitiveTypeName.INT64).named("n");
  private static final Type TEXT = Types.optional(PrimitiveTypeName.BINARY).named("t");
  private static final Type FLAGS =
      Types.optionalList().optionalElement(PrimitiveTypeName.BOOLEAN).named("l");
  private static final Type NUMBERS =
      Types.optionalList().optionalElement(PrimitiveTypeName.INT64).named("l");
  private static final Type UID =
      Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY).length(16).named("u");

  private final PageCodecs codecs = new PageCodecs(1);

  @AfterEach
  void close() {
    codecs.close();
  }

  @Test
  void holdNextToNothingBeforeTheFirstRow() {
    for (Type type : List.of(NUMBER, TEXT, FLAGS, UID)) {
      assertThat(chunk(type).heldBytes()).as(type.getName()).isBetween(1_024L, 2_048L);
    }
  }

  @Test
  void holdMoreThanTheyHaveBuffered() throws IOException {
    ColumnChunk chunk = chunk(NUMBER);
    for (int i = 0; i < 20_000; i++) {
      chunk.int64(i % 5_000);
      chunk.endRow();
      assertThat(chunk.heldBytes()).isGreaterThanOrEqualTo(chunk.bufferedBytes());
    }
  }

  @Test
  void letGoOfWhatALargeTextNeeded() throws IOException {
    ColumnChunk chunk = chunk(TEXT);
    chunk.bytes(new byte[10 * PAGE], 0, 10 * PAGE);
    chunk.endRow();
    assertThat(chunk.heldBytes()).isLessThan(PAGE);
  }

  @Test
  void letGoOfWhatALongListNeeded() throws IOException {
    ColumnChunk chunk = chunk(NUMBERS);
    list(chunk, 10 * PAGE, true);
    assertThat(chunk.heldBytes()).isLessThan(2 * PAGE);
  }

  @Test
  void holdNoMoreThanAPageAndAQuarterWhileTextFillsPages() throws IOException {
    ColumnChunk chunk = chunk(TEXT);
    long most = 0;
    for (int i = 0; i < 5_000; i++) {
      chunk.bytes(new byte[61], 0, 61);
      chunk.endRow();
      most = Math.max(most, chunk.heldBytes());
    }
    assertThat(most).isLessThan(PAGE + PAGE / 2);
  }

  @Test
  void letGoOfAllButThePagesWhenFinished() throws IOException {
    ColumnChunkPageWriteStore pages = pages(NUMBER);
    ColumnChunk chunk = chunk(NUMBER, pages);
    for (int i = 0; i < 20_000; i++) {
      chunk.int64(i % 5_000);
      chunk.endRow();
    }
    chunk.finish();
    assertThat(chunk.heldBytes() - writer(NUMBER, pages).getMemSize()).isLessThan(1_024);
  }

  @Test
  void countTheDictionaryThatLaterPagesDoWithout() throws IOException {
    ColumnChunk chunk = chunk(NUMBER);
    long before = 0;
    for (int i = 0; i < 40_000; i++) {
      chunk.int64(i < 8_192 ? i % 4_000 : i);
      chunk.endRow();
      // While a page is open it is counted as it is, which may be more than what it becomes.
      if (i % 8_192 == 8_191) {
        assertThat(chunk.bufferedBytes()).isGreaterThan(before).isGreaterThan(4_000 * Long.BYTES);
        before = chunk.bufferedBytes();
      }
    }
  }

  @Test
  void endAPageOfElementsThatTakeNoRoom() throws IOException {
    ColumnChunkPageWriteStore pages = pages(FLAGS);
    ColumnChunk chunk = chunk(FLAGS, pages);
    list(chunk, PAGE / 2, false);
    assertThat(writer(FLAGS, pages).getMemSize()).isZero();
    list(chunk, PAGE / 2, false);
    assertThat(writer(FLAGS, pages).getMemSize()).isPositive();
  }

  @Test
  void refuseAValueOfAnotherLengthThanTheColumns() {
    assertThatThrownBy(() -> chunk(UID).bytes(new byte[15], 0, 15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a value of 15 bytes in the column");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void lookNumbersUpFastWhateverTheirDistance() {
    // The inverse of what a product with the golden ratio would be: all of them in one slot.
    long distance = 1;
    for (int i = 0; i < 6; i++) {
      distance *= 2 - 0x9E3779B97F4A7C15L * distance;
    }
    LongDictionary words = new LongDictionary(Long.BYTES);
    for (int i = 0; i < 400_000; i++) {
      assertThat(words.indexOf(i * distance)).isEqualTo(i);
    }
  }

  private static void list(ColumnChunk chunk, int length, boolean numbers) throws IOException {
    chunk.beginList(new int[] {length});
    for (int i = 0; i < length; i++) {
      chunk.element(i);
      if (numbers) {
        chunk.int64(i % 9);
      } else {
        chunk.absent();
      }
    }
    chunk.endList();
    chunk.endRow();
  }

  private ColumnChunk chunk(Type type) {
    return chunk(type, pages(type));
  }

  private static ColumnChunk chunk(Type type, ColumnChunkPageWriteStore pages) {
    return Objects.requireNonNull(
        PagedColumnChunk.of(schema(type).getColumns().getFirst(), PROPERTIES, writer(type, pages)));
  }

  private static PageWriter writer(Type type, ColumnChunkPageWriteStore pages) {
    return pages.getPageWriter(schema(type).getColumns().getFirst());
  }

  private ColumnChunkPageWriteStore pages(Type type) {
    return new ColumnChunkPageWriteStore(
        codecs.getCompressor(CompressionCodecName.ZSTD),
        schema(type),
        PROPERTIES.getAllocator(),
        PROPERTIES.getColumnIndexTruncateLength(),
        true);
  }

  private static MessageType schema(Type type) {
    return new MessageType("orders", type);
  }
}
