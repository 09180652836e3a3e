package dev.tapline.sink.parquet.compression;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Compressors and decompressors of pages; parquet-java's own need Hadoop's classes. Thread-safe:
/// the large state of a compressor is borrowed for one page at a time.
public final class PageCodecs implements CompressionCodecFactory, Closeable {
  private final int level;
  private final ConcurrentLinkedQueue<PageCompressor> idle = new ConcurrentLinkedQueue<>();

  /// @param level the compression level, where there is one
  public PageCodecs(int level) {
    this.level = level;
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    return new Compressor(name);
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return new Decompressor(name);
  }

  @Override
  public void release() {}

  @Override
  public void close() {
    for (PageCompressor one = idle.poll(); one != null; one = idle.poll()) {
      one.close();
    }
  }

  private final class Compressor implements BytesInputCompressor {
    private final CompressionCodecName name;

    Compressor(CompressionCodecName name) {
      this.name = name;
    }

    @Override
    public BytesInput compress(BytesInput page) throws IOException {
      if (name == CompressionCodecName.UNCOMPRESSED) {
        return page;
      }
      @Nullable PageCompressor found = idle.poll();
      PageCompressor borrowed = found == null ? new PageCompressor(level) : found;
      try {
        return BytesInput.from(borrowed.compress(name, page));
      } finally {
        idle.add(borrowed);
      }
    }

    @Override
    public CompressionCodecName getCodecName() {
      return name;
    }

    @Override
    public void release() {}
  }

  private static final class Decompressor implements BytesInputDecompressor {
    private final CompressionCodecName name;

    Decompressor(CompressionCodecName name) {
      this.name = name;
    }

    @Override
    public BytesInput decompress(BytesInput page, int size) throws IOException {
      return name == CompressionCodecName.UNCOMPRESSED
          ? page
          : BytesInput.from(plain(page.toInputStream().readAllBytes(), size));
    }

    @Override
    public void decompress(ByteBuffer in, int compressedSize, ByteBuffer out, int size)
        throws IOException {
      byte[] page = new byte[compressedSize];
      in.get(page);
      out.put(name == CompressionCodecName.UNCOMPRESSED ? page : plain(page, size));
    }

    @Override
    public void release() {}

    private byte[] plain(byte[] page, int size) throws IOException {
      return switch (name) {
        case ZSTD -> Zstd.decompress(page, size);
        case SNAPPY -> Snappy.uncompress(page);
        case GZIP -> new GZIPInputStream(new ByteArrayInputStream(page)).readAllBytes();
        default -> throw new IOException("a page is compressed with " + name);
      };
    }
  }
}
