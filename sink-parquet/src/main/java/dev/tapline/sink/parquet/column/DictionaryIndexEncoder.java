package dev.tapline.sink.parquet.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/// The values of a page as numbers of a dictionary's words.
final class DictionaryIndexEncoder {
  private static final int SLAB = 1_024;

  private DictionaryIndexEncoder() {}

  /// As a data page has them: how many bits each takes, then the numbers in the hybrid of run
  /// lengths and packed bits.
  ///
  /// @param entries how many words the dictionary has
  static BytesInput encode(
      int[] indices, int count, int entries, int pageSize, ByteBufferAllocator allocator)
      throws IOException {
    int width = BytesUtils.getWidthFromMaxInt(entries - 1);
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, SLAB, Math.max(SLAB, pageSize), allocator)) {
      for (int i = 0; i < count; i++) {
        encoder.writeInt(indices[i]);
      }
      // Copied: the encoder's own buffers are freed with it.
      BytesInput packed = encoder.toBytes();
      ByteArrayOutputStream copy = new ByteArrayOutputStream(1 + Math.toIntExact(packed.size()));
      copy.write(width);
      packed.writeAllTo(copy);
      return BytesInput.from(copy);
    }
  }
}
