package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class ParquetCompactContractTest extends FolderContract {
  ParquetCompactContractTest() {
    super(Map.of("compact", true));
  }
}
