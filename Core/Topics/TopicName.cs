using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline;

/// <summary>The name of a topic: 1 to 128 characters of <c>[a-z0-9._-]</c>, the first a letter or digit.</summary>
[JsonConverter(typeof(TopicNameJsonConverter))]
public readonly record struct TopicName : IComparable<TopicName>
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumLength = 128;

    private readonly string? _value;

    /// <summary>Checks and wraps a name.</summary>
    /// <param name="value">The name, matching <c>[a-z0-9][a-z0-9._-]{0,127}</c>.</param>
    /// <exception cref="InvalidTopicNameException">The name breaks the rule; the message says how.</exception>
    public TopicName(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = Fault(value) is { } fault ? throw new InvalidTopicNameException(value, fault) : value;
    }

    /// <summary>The name as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("This topic name has no value. Create it from a string.");

    /// <summary>Checks a name without throwing.</summary>
    /// <param name="value">The name to check.</param>
    /// <param name="topic">The topic name, when the answer is true.</param>
    /// <returns>Whether the name is valid.</returns>
    public static bool TryParse([NotNullWhen(true)] string? value, out TopicName topic) => TryParse(value, out topic, out _);

    /// <summary>Checks a name without throwing.</summary>
    /// <param name="value">The name to check.</param>
    /// <param name="topic">The topic name, when the answer is true.</param>
    /// <param name="fault">What is wrong with the name and what to use instead, in a sentence; null when the answer is true.</param>
    /// <returns>Whether the name is valid.</returns>
    public static bool TryParse([NotNullWhen(true)] string? value, out TopicName topic, [NotNullWhen(false)] out string? fault)
    {
        var found = value is null ? "it is null" : Fault(value);
        fault = found is null ? null : new InvalidTopicNameException(value ?? "", found).Message;
        topic = found is null ? new TopicName(value!) : default;
        return found is null;
    }

    /// <summary>Checks and wraps a name, as the constructor does.</summary>
    /// <param name="value">The name.</param>
    public static implicit operator TopicName(string value) => new(value);

    /// <inheritdoc />
    public int CompareTo(TopicName other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc />
    public override string ToString() => _value ?? "";

    private static string? Fault(string value)
    {
        if (value.Length is 0 or > MaximumLength)
        {
            return $"it has {value.Length} characters";
        }

        if (!char.IsAsciiLetterLower(value[0]) && !char.IsAsciiDigit(value[0]))
        {
            return $"it starts with '{value[0]}'";
        }

        foreach (var character in value)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('.' or '_' or '-'))
            {
                return $"it contains '{character}'";
            }
        }

        return null;
    }
}
