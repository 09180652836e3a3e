package dev.tapline.sink.parquet.contract;

import dev.tapline.files.objects.ObjectStore;
import dev.tapline.files.s3.S3Files;
import dev.tapline.files.s3.S3Server;
import dev.tapline.sink.parquet.ParquetSinkProvider;
import dev.tapline.sink.parquet.fixture.AvroRows;
import dev.tapline.sink.parquet.fixture.ParquetRows;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.testkit.SinkContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract of sinks, for a bucket. The visible version is the one that `_current` points to.
abstract class ObjectStoreContract extends SinkContract {
  @TempDir Path downloads;

  private final Map<String, Object> keys;
  private String bucket = "";

  ObjectStoreContract(Map<String, Object> keys) {
    this.keys = keys;
  }

  @BeforeEach
  void makeBucket() throws IOException {
    bucket = S3Server.shared().bucket();
  }

  @Override
  protected Sink open(SinkContext context) {
    ParquetSinkProvider provider = new ParquetSinkProvider();
    Map<String, Object> all = new HashMap<>(keys);
    all.put("path", "s3://" + bucket + "/lake/shop");
    all.put("s3", S3Server.shared().keys());
    all.put("special-values", "text");
    all.put("arrays", "text");
    return provider.create(Config.of(provider.config(), all), context);
  }

  @Override
  protected boolean isReadByName() {
    return true;
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) throws Exception {
    List<Path> files =
        S3Files.current(
            S3Server.shared(), bucket, "lake/shop/" + stream.destination() + "/", downloads);
    return "avro".equals(keys.get("format"))
        ? AvroRows.read(files, stream.schema())
        : ParquetRows.read(files, stream.schema());
  }

  @Override
  protected List<String> leftovers() throws IOException {
    try (ObjectStore store = S3Server.shared().store(bucket)) {
      List<String> left = new ArrayList<>();
      store.uploads("").forEach(upload -> left.add("upload of " + upload.key()));
      List<String> pointed = S3Files.pointedTo(store, store.list("lake/shop/"));
      for (String key : store.list("")) {
        boolean data = pointed.stream().anyMatch(key::startsWith);
        if (!data && !key.endsWith("/_current") && !key.equals("lake/shop/.tapline/shop.json")) {
          left.add(key);
        }
      }
      return left;
    }
  }
}
