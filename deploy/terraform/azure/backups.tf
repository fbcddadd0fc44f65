resource "azurerm_storage_account" "backups" {
  name                            = replace(local.unique_name, "-", "")
  resource_group_name             = azurerm_resource_group.this.name
  location                        = azurerm_resource_group.this.location
  account_tier                    = "Standard"
  account_replication_type        = var.backup_geo_redundant ? "GZRS" : "ZRS"
  min_tls_version                 = "TLS1_2"
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  tags                            = var.tags

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = var.backup_days
    }

    container_delete_retention_policy {
      days = var.backup_days
    }
  }

  network_rules {
    bypass                     = ["AzureServices"]
    default_action             = "Deny"
    ip_rules                   = local.ip_rules
    virtual_network_subnet_ids = [azurerm_subnet.nodes.id]
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "backups" {
  name                  = "backups"
  storage_account_id    = azurerm_storage_account.backups.id
  container_access_type = "private"
}

resource "azurerm_storage_management_policy" "backups" {
  storage_account_id = azurerm_storage_account.backups.id

  rule {
    name    = "expire"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${azurerm_storage_container.backups.name}/"]
    }

    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = var.backup_expiry_days
      }

      version {
        delete_after_days_since_creation = var.backup_expiry_days
      }
    }
  }
}

resource "azurerm_user_assigned_identity" "backups" {
  name                = "${var.name}-backups"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "backups" {
  scope                = azurerm_storage_container.backups.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.backups.principal_id
}

resource "azurerm_federated_identity_credential" "backups" {
  name                = "kubernetes"
  resource_group_name = azurerm_resource_group.this.name
  parent_id           = azurerm_user_assigned_identity.backups.id
  issuer              = azurerm_kubernetes_cluster.this.oidc_issuer_url
  subject             = "system:serviceaccount:${replace(var.backup_service_account, "/", ":")}"
  audience            = ["api://AzureADTokenExchange"]
}
