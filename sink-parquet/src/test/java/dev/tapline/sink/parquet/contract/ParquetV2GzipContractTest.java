package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class ParquetV2GzipContractTest extends FolderContract {
  ParquetV2GzipContractTest() {
    super(Map.of("page-version", "v2", "compression", "gzip"));
  }
}
