namespace Orleans.Pipeline.Client;

/// <summary>The attributes of OpenTelemetry's semantic conventions for messaging, and those of docs/telemetry.md, that clients use.</summary>
/// <remarks>Source: https://opentelemetry.io/docs/specs/semconv/messaging/.</remarks>
internal static class MessagingTags
{
    public const string System = "messaging.system";
    public const string SystemName = "orleans_pipeline";
    public const string Operation = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Send = "send";
    public const string Process = "process";
    public const string Receive = "receive";
    public const string Destination = "messaging.destination.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string BatchCount = "messaging.batch.message_count";
    public const string Offset = "messaging.orleans_pipeline.offset";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string Topic = "pipeline.topic";
}
