package dev.tapline.sink.parquet.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/// Encodes the values of a page as indices into the dictionary.
final class DictionaryIndexEncoder {
  private static final int SLAB = 1_024;

  private DictionaryIndexEncoder() {}

  /// The content of a data page: the bit width, then the indices in the RLE/bit-packing hybrid.
  ///
  /// @param entries the size of the dictionary
  static BytesInput encode(
      int[] indices, int count, int entries, int pageSize, ByteBufferAllocator allocator)
      throws IOException {
    int width = BytesUtils.getWidthFromMaxInt(entries - 1);
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, SLAB, Math.max(SLAB, pageSize), allocator)) {
      for (int i = 0; i < count; i++) {
        encoder.writeInt(indices[i]);
      }
      // A copy: the encoder's buffers are freed with it.
      BytesInput packed = encoder.toBytes();
      ByteArrayOutputStream copy = new ByteArrayOutputStream(1 + Math.toIntExact(packed.size()));
      copy.write(width);
      packed.writeAllTo(copy);
      return BytesInput.from(copy);
    }
  }
}
