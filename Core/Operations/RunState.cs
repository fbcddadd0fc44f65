using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>What a pipeline or task is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Taking in records.</summary>
    Running,

    /// <summary>Processing what was there when draining began; then it pauses.</summary>
    Draining,

    /// <summary>Taking in nothing until resumed.</summary>
    Paused,

    /// <summary>Waiting for the store or the source to answer again; it goes on by itself.</summary>
    Retrying,

    /// <summary>Stopped: another owner has taken over, or the engine has stopped.</summary>
    Stopped,
}
