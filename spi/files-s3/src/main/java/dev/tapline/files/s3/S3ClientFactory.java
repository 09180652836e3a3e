package dev.tapline.files.s3;

import dev.tapline.spi.config.Config;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Creates the SDK's client.
final class S3ClientFactory {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_ATTEMPTS = 6;

  private S3ClientFactory() {}

  /// @throws IOException if a region or profile is missing
  static S3Client make(S3Config config) throws IOException {
    Config options = config.options();
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region(options))
            .credentialsProvider(credentials(options))
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(options.get(S3Config.PATH_STYLE))
                    .chunkedEncodingEnabled(false)
                    .build())
            // Parts carry an MD5, which every store supports; newer checksums are not supported
            // everywhere.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(SOCKET_TIMEOUT))
            .overrideConfiguration(override ->
                override.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(MAX_ATTEMPTS)
                        .build()));
    options.find(S3Config.ENDPOINT).map(URI::create).ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static Region region(Config config) throws IOException {
    Optional<String> given = config.find(S3Config.REGION);
    if (given.isPresent()) {
      return Region.of(given.get());
    }
    if (config.has(S3Config.ENDPOINT) && System.getenv("AWS_REGION") == null) {
      return Region.US_EAST_1;
    }
    try {
      DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
      config.find(S3Config.PROFILE).ifPresent(chain::profileName);
      return chain.build().getRegion();
    } catch (SdkClientException e) {
      throw new IOException(
          "the bucket's region is not known; set sink.s3.region, or the environment's AWS_REGION",
          e);
    }
  }

  private static AwsCredentialsProvider credentials(Config config) {
    if (config.has(S3Config.ACCESS_KEY)) {
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(
              config.get(S3Config.ACCESS_KEY).reveal(), config.get(S3Config.SECRET_KEY).reveal()));
    }
    DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
    config.find(S3Config.PROFILE).ifPresent(chain::profileName);
    return chain.build();
  }
}
