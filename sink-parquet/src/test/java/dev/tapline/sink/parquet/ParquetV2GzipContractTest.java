package dev.tapline.sink.parquet;

import java.util.Map;

final class ParquetV2GzipContractTest extends FilesContract {
  ParquetV2GzipContractTest() {
    super(Map.of("page-version", "v2", "compression", "gzip"));
  }
}
