package dev.tapline.sink.parquet.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// Compresses pages, and reuses its buffers and context. Not thread-safe.
final class PageCompressor implements Closeable {
  private final int level;
  private final Page page = new Page();
  private byte[] compressed = {};
  private @Nullable ZstdCompressCtx zstd;

  PageCompressor(int level) {
    this.level = level;
  }

  byte[] compress(CompressionCodecName name, BytesInput bytes) throws IOException {
    page.reset();
    bytes.writeAllTo(page);
    return switch (name) {
      case ZSTD -> zstd();
      case SNAPPY -> snappy();
      case GZIP -> gzip();
      default -> throw new IllegalArgumentException("no such compression here: " + name);
    };
  }

  @Override
  public void close() {
    ZstdCompressCtx context = zstd;
    zstd = null;
    if (context != null) {
      context.close();
    }
  }

  private byte[] zstd() {
    ZstdCompressCtx context = zstd;
    if (context == null) {
      context = new ZstdCompressCtx().setLevel(level);
      zstd = context;
    }
    reserve(Math.toIntExact(Zstd.compressBound(page.size())));
    int length =
        context.compressByteArray(compressed, 0, compressed.length, page.bytes(), 0, page.size());
    return Arrays.copyOf(compressed, length);
  }

  private byte[] snappy() throws IOException {
    reserve(Snappy.maxCompressedLength(page.size()));
    int length = Snappy.compress(page.bytes(), 0, page.size(), compressed, 0);
    return Arrays.copyOf(compressed, length);
  }

  private byte[] gzip() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(page.size() / 2 + 64);
    try (OutputStream gzip = new LeveledGzip(out, level)) {
      page.writeTo(gzip);
    }
    return out.toByteArray();
  }

  private void reserve(int length) {
    if (compressed.length < length) {
      compressed = new byte[length];
    }
  }

  /// Gives access to the bytes without a copy.
  private static final class Page extends ByteArrayOutputStream {
    byte[] bytes() {
      return buf;
    }
  }

  private static final class LeveledGzip extends GZIPOutputStream {
    LeveledGzip(OutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(level);
    }
  }
}
