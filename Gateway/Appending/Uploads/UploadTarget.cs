using System.Security.Cryptography;
using System.Text;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>Where the lines of an upload go.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="KeyField">The top-level field that holds the key; null for records without keys.</param>
/// <param name="Partition">The partition of all of them; null to choose by key.</param>
/// <param name="Name">The name under which it can be sent again; null for none.</param>
internal sealed record UploadTarget(TopicName Topic, string? KeyField, int? Partition, string? Name)
{
    /// <summary>What the names of producers that uploads append by begin with; no other producer's may.</summary>
    public const string ProducerPrefix = "upload:";

    private const int LongestName = 128;

    /// <summary>
    /// The name of the producer that a named upload appends by; null for one without a name. It stands for all by which a line finds its
    /// partition: under another key field or partition the same lines would be other records. It is a hash to fit a producer's name.
    /// </summary>
    /// <exception cref="InvalidRequestException">The upload's name is empty or too long.</exception>
    public string? ProducerName() => Name switch
    {
        null => null,
        { Length: 0 or > LongestName } => throw new InvalidRequestException(
            $"The upload name has {Name.Length} characters. Give 1 to {LongestName}, or leave it out for an upload without one."),
        _ => ProducerPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Topic}\n{Partition}\n{KeyField?.Length}\n{KeyField}\n{Name}"))),
    };
}
