package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class AvroZstdContractTest extends FolderContract {
  AvroZstdContractTest() {
    super(Map.of("format", "avro"));
  }
}
