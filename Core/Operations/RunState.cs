using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>The state of a pipeline or task.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Taking in records.</summary>
    Running,

    /// <summary>Processing the records that were there when draining began, then pausing.</summary>
    Draining,

    /// <summary>Taking in nothing until resumed.</summary>
    Paused,

    /// <summary>Waiting for the store or the source to answer again; processing then continues by itself.</summary>
    Retrying,

    /// <summary>Stopped: another owner has taken over, or the engine has stopped.</summary>
    Stopped,
}
