namespace Orleans.Pipeline;

/// <summary>The streams of one namespace of an Orleans stream provider, whose events are copied into a topic.</summary>
public abstract class StreamSource
{
    private protected StreamSource(string provider, string streamNamespace, TopicName topic) =>
        (Provider, Namespace, Topic) = (provider, streamNamespace, topic);

    /// <summary>The stream provider's name.</summary>
    public string Provider { get; }

    /// <summary>The streams' namespace.</summary>
    public string Namespace { get; }

    /// <summary>The topic that takes the events.</summary>
    public TopicName Topic { get; }

    internal abstract Type EventType { get; }

    /// <summary>Returns the source as <c>provider/namespace</c>.</summary>
    public override string ToString() => $"{Provider}/{Namespace}";

    internal abstract TResult Accept<TResult>(IStreamSourceVisitor<TResult> visitor);
}

internal sealed class StreamSource<T>(string provider, string streamNamespace, TopicName topic, ISerializer<T> serializer)
    : StreamSource(provider, streamNamespace, topic)
{
    public ISerializer<T> Serializer => serializer;

    internal override Type EventType => typeof(T);

    internal override TResult Accept<TResult>(IStreamSourceVisitor<TResult> visitor) => visitor.Visit(this);
}

internal interface IStreamSourceVisitor<out TResult>
{
    TResult Visit<T>(StreamSource<T> source);
}
