using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>
/// The callers that the settings name. They follow the settings while the host runs: new ones count from the next request on, and
/// settings that cannot be are told of and leave the callers as they were.
/// </summary>
internal sealed partial class Callers : IDisposable
{
    private const string Realm = "Orleans.Pipeline";

    private readonly IOptionsFactory<GatewaySettings> _settings;
    private readonly ILogger<Callers> _logger;
    private readonly List<IDisposable> _changes;
    private volatile Known _known;

    public Callers(
        IOptionsFactory<GatewaySettings> settings, IEnumerable<IOptionsChangeTokenSource<GatewaySettings>> changes, ILogger<Callers> logger)
    {
        _settings = settings;
        _logger = logger;
        _known = Read();
        _changes = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Refresh))];
    }

    /// <summary>Whether callers must say who they are. Once they must, they must until the host ends, whatever the settings become.</summary>
    public bool AreAsked => _known.AreAsked;

    /// <summary>The ways in which a caller can say who it is, as the header <c>WWW-Authenticate</c> has them.</summary>
    public IReadOnlyList<string> Challenges => _known.Challenges;

    /// <summary>Finds the caller of an API key, in a time that does not depend on which keys there are or how alike they are; null if there is none.</summary>
    public Caller? FindByKey(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        Caller? found = null;
        foreach (var (known, caller) in _known.Keys)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? caller : found;
        }

        return found;
    }

    public void Dispose() => _changes.ForEach(change => change.Dispose());

    private Known Read()
    {
        var settings = _settings.Create(Options.DefaultName).Authentication;
        return new Known(
            AreAsked: settings.IsOn || _known is { AreAsked: true },
            [.. settings.ApiKeys.Select(key => (KeyHash.Parse(key.Hash)!, Of(key)))],
            Challenges: [$"ApiKey realm=\"{Realm}\", header=\"{GatewayAuthentication.KeyHeader}\""]);
    }

    private static Caller Of(CallerSettings settings) => new(
        settings.Name,
        ScopeNames.OfToken(settings.Scopes),
        settings.Topics is null ? Caller.AllNames : [.. settings.Topics],
        settings.Pipelines is null ? Caller.AllNames : [.. settings.Pipelines]);

    private void Refresh()
    {
        try
        {
            _known = Read();
            Refreshed(_known.Keys.Count);
        }
        catch (OptionsValidationException refused)
        {
            NotRefreshed(string.Join(' ', refused.Failures));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The settings changed; there are {Keys} API keys now")]
    private partial void Refreshed(int keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "The settings changed, but they are not valid, so the callers stay as they were: {Faults}")]
    private partial void NotRefreshed(string faults);

    private sealed record Known(bool AreAsked, IReadOnlyList<(byte[] Hash, Caller Caller)> Keys, IReadOnlyList<string> Challenges);
}
